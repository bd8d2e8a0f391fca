//! The virtual environment that all generated projects of the tests share.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Tools of the environment.
pub struct Python {
    bin: PathBuf,
}

/// The environment, made at the first call and kept in `target/` while the pinned versions stay the same.
pub fn python() -> &'static Python {
    static PYTHON: OnceLock<Python> = OnceLock::new();
    PYTHON.get_or_init(Python::install)
}

impl Python {
    fn install() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let requirements = root.join("tests/end_to_end/requirements.txt");
        let folder = root.join("target/python");
        let stamp = folder.join("requirements.txt");
        let wanted = fs_err::read(&requirements).expect("the pinned versions are in the repository");
        if fs_err::read(&stamp).ok().as_ref() != Some(&wanted) {
            run(Command::new("python3.11").args(["-m", "venv", "--clear"]).arg(&folder));
            let pip = folder.join("bin/pip");
            run(Command::new(pip).args(["install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&requirements));
            fs_err::write(&stamp, wanted).expect("the environment was just written");
        }
        Self { bin: folder.join("bin") }
    }

    /// A command of the environment, to run in `folder`.
    pub fn command(&self, tool: &str, folder: &Path) -> Command {
        let mut command = Command::new(self.bin.join(tool));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(self.bin.clone()).chain(std::env::split_paths(&path));
        command
            .current_dir(folder)
            .env("PATH", std::env::join_paths(paths).expect("no folder of PATH holds a separator"))
            .env("VIRTUAL_ENV", self.bin.parent().expect("bin has a parent"));
        command
    }
}

/// Runs a command that must succeed.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}
