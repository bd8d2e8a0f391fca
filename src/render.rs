//! Renders a plan into files. The only module that knows Tera and the Python formatter; knows nothing about the model.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use camino::Utf8PathBuf;
use rayon::prelude::*;
use ruff_formatter::LineWidth;
use ruff_python_ast::PythonVersion;
use ruff_python_formatter::{PyFormatOptions, format_module_source};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use crate::plan::{Artifact, Content, Plan};
use crate::tree::{File, Tree};

mod long_lines;

/// Columns of a line of Python.
const LINE_WIDTH: u16 = 120;

/// The templates of one plan, parsed.
pub struct Renderer {
    tera: Tera,
    target: PythonVersion,
}

impl Renderer {
    /// Parses templates, given as name and text. `python` is the oldest Python (major, minor) that the output runs on.
    ///
    /// # Errors
    ///
    /// A template that cannot be parsed, named with line and column.
    pub fn new<'a>(templates: impl IntoIterator<Item = (&'a str, &'a str)>, python: (u8, u8)) -> anyhow::Result<Self> {
        let mut tera = Tera::new();
        tera.autoescape_on(Vec::<String>::new());
        tera.register_filter("flag", flag);
        tera.add_raw_templates(templates).map_err(|error| anyhow!("{error}"))?;
        Ok(Self { tera, target: PythonVersion { major: python.0, minor: python.1 } })
    }

    /// Renders every file of a plan. The words of an owner go when its files are there.
    ///
    /// # Errors
    ///
    /// A template that names an unknown word, or Python that does not parse.
    pub fn render(&self, plan: Plan) -> anyhow::Result<Tree> {
        let Plan { artifacts, words, views, .. } = plan;
        let words = Context::from_serialize(&words)?;
        let mut of_views = vec![Vec::new(); views.len()];
        let mut files = Vec::with_capacity(artifacts.len());
        for artifact in &artifacts {
            match &artifact.content {
                Content::Template { template, view } => of_views[view.0].push((artifact, template.as_str())),
                Content::Text(text) => files.push(self.file(artifact, text.clone())),
            }
        }
        let rendered = of_views.into_par_iter().zip(views).flat_map_iter(|(artifacts, view)| {
            let context = Context::from_serialize(&view).map(|own| joined(&words, own));
            artifacts.into_iter().map(move |(artifact, template)| match &context {
                Ok(context) => self.template(artifact, template, context),
                Err(error) => bail!("{error}"),
            })
        });
        files.par_extend(rendered);
        let (files, errors): (Vec<_>, Vec<_>) = files.into_iter().partition(Result::is_ok);
        let errors: Vec<_> = errors.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
        if errors.is_empty() { Ok(files.into_iter().flatten().collect()) } else { bail!(errors.join("\n")) }
    }

    fn template(&self, artifact: &Artifact, template: &str, context: &Context) -> anyhow::Result<(Utf8PathBuf, File)> {
        let text = self.tera.render(template, context).map_err(|error| anyhow!("{error}"));
        self.file(artifact, text.with_context(|| format!("cannot render {template} for {}", artifact.path))?)
    }

    fn file(&self, artifact: &Artifact, text: String) -> anyhow::Result<(Utf8PathBuf, File)> {
        let text = match artifact.path.extension() {
            Some("py") => self.python(text).with_context(|| format!("cannot format {}", artifact.path))?,
            _ => text,
        };
        if text.lines().any(|line| line.ends_with([' ', '\t'])) {
            bail!("{} has a trailing blank", artifact.path);
        }
        let file = File {
            bytes: text.into_bytes(),
            ownership: artifact.ownership,
            owner: artifact.owner.clone(),
            mode: artifact.mode,
            imported: artifact.imported,
        };
        Ok((artifact.path.clone(), file))
    }

    /// Formats Python as `ruff format` does. Templates emit a fixed point as long as every line fits, so only statements
    /// with a longer line need the formatter, which would cost five times the rendering for a whole file.
    fn python(&self, text: String) -> anyhow::Result<String> {
        let text = if fits(&text) { text } else { self.lay_out(&text)? };
        if cfg!(debug_assertions) && !text.is_empty() {
            let formatted = self.format(&text).with_context(|| numbered(&text))?;
            if formatted != text {
                bail!("the template is not a fixed point of the formatter:\n{}", difference(&text, &formatted));
            }
        }
        Ok(text)
    }

    fn lay_out(&self, text: &str) -> anyhow::Result<String> {
        match long_lines::replace(text, fits, |statement| self.format(statement))? {
            Some(text) => Ok(text),
            None => self.format(text),
        }
    }

    fn format(&self, text: &str) -> anyhow::Result<String> {
        let options = PyFormatOptions::from_extension(Path::new("module.py"))
            .with_line_width(LineWidth::try_from(LINE_WIDTH).expect("120 is a valid width"))
            .with_target_version(self.target);
        Ok(format_module_source(text, options)?.into_code())
    }
}

/// The words of an owner beside those that all owners share.
fn joined(words: &Context, own: Context) -> Context {
    let mut joined = words.clone();
    joined.extend(own);
    joined
}

/// Whether no line is longer than the formatter allows.
fn fits(text: &str) -> bool {
    text.lines().all(|line| line.len() <= usize::from(LINE_WIDTH) || line.chars().count() <= usize::from(LINE_WIDTH))
}

fn numbered(text: &str) -> String {
    let lines: Vec<_> = text.lines().enumerate().map(|(number, line)| format!("{:4} {line}", number + 1)).collect();
    lines.join("\n")
}

fn difference(rendered: &str, formatted: &str) -> String {
    similar::TextDiff::from_lines(rendered, formatted).unified_diff().header("rendered", "formatted").to_string()
}

/// The only condition that templates may use: fails on a word that does not exist or is no bool, where Tera's plain `if`
/// would take it as false.
fn flag(value: &Value, _: Kwargs, _: &State) -> TeraResult<bool> {
    value.as_bool().ok_or_else(|| tera::Error::message(format!("`flag` needs a bool, got {}", value.name())))
}
