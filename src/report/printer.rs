//! Writes to stdout and stderr: data to the first, everything else to the second.

use std::io::{self, IsTerminal as _};

use super::{Format, Report, github, json, text};
use crate::exit::Exit;

/// Where and how a command speaks.
#[derive(Debug, Clone)]
pub struct Printer {
    /// How reports are written.
    pub format: Format,
    /// Whether to use colour.
    pub color: bool,
    /// Whether information is shown too.
    pub verbose: bool,
}

/// What the user said to the only question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Yes,
    /// Anything else.
    No,
}

impl Printer {
    /// Shows a plan before the question.
    pub fn show(&self, plan: &str) {
        print(io::stdout(), plan);
    }

    /// Asks whether to go on.
    #[must_use]
    pub fn confirm(&self) -> Answer {
        print(io::stderr(), "Apply? [y/N] ");
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        match (read, line.trim()) {
            (Ok(_), "y" | "Y" | "yes") => Answer::Yes,
            _ => Answer::No,
        }
    }

    /// The data of a report, as the format wants it.
    #[must_use]
    pub fn data(&self, report: &Report) -> String {
        match self.format {
            Format::Text => text::data(report, self),
            Format::Json => json::render(report),
            Format::Github => report.data.clone() + &github::render(report),
        }
    }

    /// Prints data.
    pub fn print_data(&self, data: &str) {
        print(io::stdout(), data);
    }

    /// Prints what is not data.
    pub fn print_rest(&self, report: &Report) {
        let rest = match self.format {
            Format::Text => text::rest(report, self),
            Format::Json => String::new(),
            Format::Github => report.message.clone(),
        };
        print(io::stderr(), &rest);
    }

    /// Says what went wrong before or after everything else.
    pub fn error(&self, command: &'static str, exit: Exit, message: &str) {
        match self.format {
            Format::Json => print(io::stdout(), &json::error(command, exit, message)),
            Format::Text | Format::Github => print(io::stderr(), &format!("error: {message}\n")),
        }
    }
}

/// The table for the summary page of a GitHub job.
#[must_use]
pub fn summary(report: &Report) -> String {
    github::summary(report)
}

/// Whether there is somebody who could answer a question.
#[must_use]
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether colours would be seen.
#[must_use]
pub fn is_terminal() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}

/// Prints the text of clap for help, version and mistakes, and gives back the exit code.
#[must_use]
pub fn print_usage(text: &str, exit_code: i32, wants_json: bool) -> i32 {
    match (exit_code, wants_json) {
        (0, _) => print(io::stdout(), text),
        (_, true) => print(io::stdout(), &json::error("", Exit::Invalid, text.trim())),
        (_, false) => print(io::stderr(), text),
    }
    exit_code
}

/// Asks for a report of a mistake of our own.
pub fn print_bug(details: &str) {
    let text = "\nbackendgen made a mistake and stopped. Nothing was written, or what was written was left as it is.\n\
        Please report it with the lines below and, if you can, the spec.\n\n";
    print(io::stderr(), &format!("{text}{details}\n"));
}

/// A closed pipe is no error: the reader has seen enough.
fn print(mut stream: impl io::Write, text: &str) {
    if !text.is_empty() {
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }
}
