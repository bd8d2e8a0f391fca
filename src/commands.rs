//! The verbs. Each is a sentence of calls: read, compile, reconcile, write, report.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::CommandFactory as _;

use crate::cli::{self, Cli, Color, Command, Environment, Global};
use crate::disk;
use crate::exit::{Exit, INTERRUPTED};
use crate::report::printer::{self, Printer};
use crate::report::{Format, Report};

mod add;
mod apply;
mod check;
mod diff;
mod explain;
mod fmt;
mod generate;
mod new;
mod project;
mod resolve;
mod routes;
mod schema;

/// What every command needs.
#[derive(Debug)]
pub struct Context {
    /// The options of every command.
    global: Global,
    /// What the environment says.
    environment: Environment,
    /// Where reports go.
    printer: Printer,
    /// Whether the user pressed Ctrl-C.
    interrupts: Interrupts,
}

/// How Ctrl-C reaches a command: it ends the process at once, but for the moments in which files are written.
#[derive(Debug, Default)]
struct Interrupts {
    is_pending: Arc<AtomicBool>,
    ends_at_once: Arc<AtomicBool>,
}

/// What a command says when it ends; a failure ends it early.
type Outcome = Result<Report, Failure>;

/// Why a command ended early.
#[derive(Debug)]
enum Failure {
    /// The report says it all.
    Reported(Box<Report>),
    /// The command line is wrong.
    Invalid(String),
    /// The environment failed.
    Environment(anyhow::Error),
    /// The user interrupted while files were written; they are as they were.
    Interrupted,
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Environment(error)
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Reported(Box::new(report))
    }
}

/// Runs the command line and gives the exit code.
#[must_use]
pub fn run() -> i32 {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(usage) => return printer::print_usage(&usage.text, usage.exit_code, usage.wants_json),
    };
    match Context::new(cli.global) {
        Ok(context) => context.run(cli.command),
        Err(error) => printer::print_usage(&format!("error: {error:#}\n"), Exit::Environment.code(), false),
    }
}

impl Context {
    fn new(global: Global) -> anyhow::Result<Self> {
        let environment = Environment::read()?;
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !environment.no_color && global.format == Format::Text && printer::is_terminal(),
        };
        let printer = Printer { format: global.format, color, verbose: global.verbose };
        Ok(Self { global, environment, printer, interrupts: Interrupts::install()? })
    }

    fn run(&self, command: Command) -> i32 {
        let verb = verb(&command);
        match self.dispatch(command) {
            Ok(report) => self.finish(&report),
            Err(Failure::Reported(report)) => self.finish(&report),
            Err(Failure::Invalid(message)) => self.fail(verb, Exit::Invalid, &message),
            Err(Failure::Environment(error)) => self.fail(verb, Exit::Environment, &format!("{error:#}")),
            Err(Failure::Interrupted) => self.fail(verb, Exit::Interrupted, "interrupted; nothing was written"),
        }
    }

    fn dispatch(&self, command: Command) -> Outcome {
        match command {
            Command::New(new) => new::run(self, &new),
            Command::Add { what } => add::run(self, &what),
            Command::Fmt { check: false } => fmt::run(self),
            Command::Fmt { check: true } => fmt::check(self),
            Command::Generate { no_migration } => generate::run(self, no_migration),
            Command::Diff { exit_code } => diff::run(self, exit_code),
            Command::Check { deny } => check::run(self, &deny),
            Command::Resolve(resolve) => resolve::run(self, &resolve),
            Command::Explain { code } => explain::run(&code),
            Command::Schema { of } => Ok(schema::run(of)),
            Command::Routes => routes::run(self),
            Command::Completions { shell } => Ok(completions(shell)),
        }
    }

    fn finish(&self, report: &Report) -> i32 {
        let data = self.printer.data(report);
        let written = if let Some(path) = &self.global.output {
            disk::write_report(&self.environment.folder.join(path), &data)
        } else {
            self.printer.print_data(&data);
            Ok(())
        };
        let summary = match &self.environment.summary {
            Some(path) if self.printer.format == Format::Github => disk::append(path, &printer::summary(report)),
            _ => Ok(()),
        };
        self.printer.print_rest(report);
        match written.and(summary) {
            Ok(()) => report.exit.code(),
            Err(error) => self.fail(report.command, Exit::Environment, &format!("{error:#}")),
        }
    }

    fn fail(&self, verb: &'static str, exit: Exit, message: &str) -> i32 {
        self.printer.error(verb, exit, message);
        exit.code()
    }
}

impl Interrupts {
    fn install() -> anyhow::Result<Self> {
        let interrupts = Self::default();
        interrupts.ends_at_once.store(true, Ordering::SeqCst);
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            let ends_at_once = Arc::clone(&interrupts.ends_at_once);
            signal_hook::flag::register_conditional_shutdown(signal, INTERRUPTED, ends_at_once)?;
            signal_hook::flag::register(signal, Arc::clone(&interrupts.is_pending))?;
        }
        Ok(interrupts)
    }

    /// Carries out a write that ends by itself soon, and that looks at the flag in between.
    fn hold_back<T>(&self, write: impl FnOnce(&AtomicBool) -> T) -> T {
        self.ends_at_once.store(false, Ordering::SeqCst);
        let outcome = write(&self.is_pending);
        self.ends_at_once.store(true, Ordering::SeqCst);
        outcome
    }
}

fn verb(command: &Command) -> &'static str {
    match command {
        Command::New(_) => "new",
        Command::Add { .. } => "add",
        Command::Generate { .. } => "generate",
        Command::Diff { .. } => "diff",
        Command::Check { .. } => "check",
        Command::Resolve(_) => "resolve",
        Command::Fmt { .. } => "fmt",
        Command::Explain { .. } => "explain",
        Command::Schema { .. } => "schema",
        Command::Routes => "routes",
        Command::Completions { .. } => "completions",
    }
}

fn completions(shell: clap_complete::Shell) -> Report {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "backendgen", &mut script);
    Report { data: String::from_utf8_lossy(&script).into_owned(), ..Report::new("completions", Exit::Ok) }
}
