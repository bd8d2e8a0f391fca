//! Embeds the template tree, so that the tool is one file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("templates");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name =
            file.strip_prefix(&root).expect("collected below the root").to_str().expect("template paths are UTF-8");
        let path = file.to_str().expect("the folder of the crate has a UTF-8 path");
        writeln!(code, "    ({:?}, include_str!({path:?})),", name.replace('\\', "/"))
            .expect("a string takes all text");
    }
    code.push_str("]\n");
    #[expect(clippy::disallowed_methods, reason = "a build script has no `disk`")]
    fs::write(PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("templates.rs"), code)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "tera") {
            files.push(path);
        }
    }
    Ok(())
}
