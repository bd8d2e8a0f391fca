//! The command line: its definition, and what the environment says. Computes nothing.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::report::Format;

/// Writes a FastAPI backend from short YAML files, and keeps it in step.
#[derive(Debug, Parser)]
#[command(
    name = "backendgen",
    version,
    arg_required_else_help = true,
    after_help = "Example:\n  backendgen new shop && cd shop\n  backendgen add resource orders total:decimal:10,2\n  backendgen check"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, and none excludes another")]
pub struct Global {
    /// Do everything but write; the exit code is the one of the real run
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Do not ask before writing
    #[arg(long, short, global = true)]
    pub yes: bool,
    /// Show the whole diff, not only one line a file
    #[arg(long, global = true)]
    pub diff: bool,
    /// How to report
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Show information too
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Write the data to a file in place of stdout
    #[arg(long, global = true, value_name = "FILE")]
    pub output: Option<Utf8PathBuf>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create a project
    #[command(after_help = "Examples:\n  backendgen new shop\n  backendgen new shop --from examples/shop")]
    New(New),
    /// Add a resource, a field or a relation to the spec, then generate
    #[command(
        after_help = "Examples:\n  backendgen add resource notes 'title: string(1..200)'\n  backendgen add field notes body:text:optional"
    )]
    Add {
        /// What to add.
        #[command(subcommand)]
        what: Add,
    },
    /// Write what the spec wants
    #[command(after_help = "Examples:\n  backendgen generate\n  backendgen generate --dry-run --diff")]
    Generate {
        /// Write no migration; `check` then finds it missing
        #[arg(long)]
        no_migration: bool,
    },
    /// Show what `generate` would change
    #[command(
        after_help = "Examples:\n  backendgen diff\n  backendgen diff | patch -p1\n  backendgen diff --exit-code"
    )]
    Diff {
        /// Exit with 1 if there is a difference
        #[arg(long)]
        exit_code: bool,
    },
    /// Find every difference between the spec and the project; writes nothing
    #[command(
        after_help = "Examples:\n  backendgen check\n  backendgen check --deny warnings --format github\n  backendgen check --deny W403,BG105"
    )]
    Check {
        /// Warnings, or the codes of warnings and information, that count as errors
        #[arg(long, value_name = "warnings|CODE,…", value_delimiter = ',')]
        deny: Vec<String>,
    },
    /// Decide whose text wins where a file was edited
    #[command(
        after_help = "Examples:\n  backendgen resolve README.md --mine\n  backendgen resolve app/models/order.py --generated"
    )]
    Resolve(Resolve),
    /// Lay out the spec
    #[command(after_help = "Examples:\n  backendgen fmt\n  backendgen fmt --check")]
    Fmt {
        /// Write nothing, exit with 1 if a file is laid out differently
        #[arg(long)]
        check: bool,
    },
    /// Explain the code of a diagnostic or finding
    #[command(after_help = "Examples:\n  backendgen explain E301\n  backendgen explain BG201")]
    Explain {
        /// Such as `E301`
        code: String,
    },
    /// Print the JSON Schema of the spec
    #[command(
        after_help = "Examples:\n  backendgen schema resource\n  backendgen schema project --output project.json"
    )]
    Schema {
        /// Of which file
        #[arg(value_enum, default_value_t = SchemaOf::Project)]
        of: SchemaOf,
    },
    /// List the routes of the API and who may call them
    #[command(after_help = "Examples:\n  backendgen routes\n  backendgen routes --format json")]
    Routes,
    /// Print a script that completes commands in a shell
    #[command(
        after_help = "Examples:\n  backendgen completions bash > ~/.local/share/bash-completion/completions/backendgen\n  backendgen completions fish > ~/.config/fish/completions/backendgen.fish"
    )]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

/// Creates a project.
#[derive(Debug, Args)]
pub struct New {
    /// The folder to create, in kebab-case or `snake_case`
    pub name: String,
    /// Start from the spec in this folder
    #[arg(long, value_name = "DIR")]
    pub from: Option<Utf8PathBuf>,
}

/// Adds to the spec.
#[derive(Debug, Subcommand)]
pub enum Add {
    /// Add a resource
    #[command(
        after_help = "Examples:\n  backendgen add resource orders total:decimal:10,2 status:enum:draft,paid=draft\n  backendgen add resource notes 'author: ref(users)' 'title: string(1..200)' --owner author"
    )]
    Resource {
        /// Its plural in `snake_case`, such as `order_items`
        name: String,
        /// Its fields: `total:decimal:10,2`, or as in the file: 'total: decimal(10,2) >= 0'
        fields: Vec<String>,
        /// The reference to the user that a row belongs to
        #[arg(long, value_name = "FIELD")]
        owner: Option<String>,
    },
    /// Add fields to a resource
    #[command(
        after_help = "Example:\n  backendgen add field orders note:text:0..500:optional 'fee: decimal(10,2) >= 0'"
    )]
    Field {
        /// The resource
        resource: String,
        /// The fields
        #[arg(required = true)]
        fields: Vec<String>,
    },
    /// Add references and many-to-many relations to a resource
    #[command(
        after_help = "Example:\n  backendgen add relation posts editor:ref:users:optional:inverse:edited_posts tags:many:tags"
    )]
    Relation {
        /// The resource
        resource: String,
        /// The relations
        #[arg(required = true)]
        fields: Vec<String>,
    },
}

/// Decides whose text wins.
#[derive(Debug, Args)]
pub struct Resolve {
    /// The files to decide about
    #[arg(required = true)]
    pub paths: Vec<Utf8PathBuf>,
    /// Whose text wins.
    #[command(flatten)]
    pub side: Side,
}

/// Whose text wins.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Side {
    /// Keep the file; this change of the template is declined for good
    #[arg(long)]
    pub mine: bool,
    /// Write the file again; a copy of the old one is kept in .backendgen/tmp/replaced
    #[arg(long)]
    pub generated: bool,
}

/// Which JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// `backendgen.yaml`.
    Project,
    /// `resources/*.yaml`.
    Resource,
}

/// Verbs that later versions know.
const LATER: [&str; 9] = ["remove", "rename", "upgrade", "eject", "adopt", "release", "migrate", "import", "erd"];

/// What the environment says.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Where the command runs.
    pub folder: Utf8PathBuf,
    /// Whether this is a job of a CI service, which nobody can answer.
    pub is_ci: bool,
    /// Whether the user wants no colour.
    pub no_color: bool,
    /// The summary page of a GitHub job.
    pub summary: Option<Utf8PathBuf>,
}

impl Environment {
    /// Reads the environment.
    ///
    /// # Errors
    ///
    /// If the current folder is gone or its name is not UTF-8.
    pub fn read() -> anyhow::Result<Self> {
        use anyhow::Context as _;
        let folder = std::env::current_dir().context("cannot tell the current folder")?;
        let folder = Utf8PathBuf::try_from(folder).context("the name of the current folder is not UTF-8")?;
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let summary = variable("GITHUB_STEP_SUMMARY").and_then(|path| path.into_string().ok());
        Ok(Self {
            folder,
            is_ci: variable("CI").is_some_and(|value| value != "false"),
            no_color: variable("NO_COLOR").is_some(),
            summary: summary.map(Utf8PathBuf::from),
        })
    }
}

/// Why there is nothing to run, and how that ends.
#[derive(Debug)]
pub struct Usage {
    /// What to print.
    pub text: String,
    /// 0 for help and version, else 2.
    pub exit_code: i32,
    /// Whether it belongs on stdout.
    pub is_data: bool,
    /// Whether the user asked for JSON.
    pub wants_json: bool,
}

/// Reads the arguments of the process.
///
/// # Errors
///
/// The text of clap for help, version and mistakes.
pub fn parse() -> Result<Cli, Usage> {
    Cli::try_parse().map_err(|error| usage(&error))
}

fn usage(error: &clap::Error) -> Usage {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let wants_json = arguments.windows(2).any(|pair| pair == ["--format", "json"])
        || arguments.iter().any(|argument| argument == "--format=json");
    let verb = arguments.iter().find(|argument| !argument.starts_with('-'));
    let is_unknown = error.kind() == clap::error::ErrorKind::InvalidSubcommand;
    let text = match verb {
        Some(verb) if is_unknown && LATER.contains(&verb.as_str()) => {
            format!("error: `backendgen {verb}` is not supported yet\n")
        }
        _ => error.render().to_string(),
    };
    Usage { text, exit_code: error.exit_code(), is_data: !error.use_stderr(), wants_json }
}
