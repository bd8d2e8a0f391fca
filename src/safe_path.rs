//! Which paths the tool may touch. Paths come from specs, templates and locks, and none of them is trusted.

use camino::Utf8Path;

/// Longest component, in bytes.
const MAX_COMPONENT: usize = 200;

/// Names that Windows keeps for devices, with any extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Decides whether a path, relative to the project root, may be read, written or deleted.
///
/// # Errors
///
/// Why not, as the rest of a sentence: "leaves the project".
pub fn check(path: &Utf8Path) -> Result<(), &'static str> {
    let path = path.as_str();
    if path.is_empty() {
        return Err("is empty");
    }
    // Every output of the built-in templates is ASCII, so case folding and Unicode normalisation stay trivial.
    if !path.is_ascii() || path.contains('\\') || path.bytes().any(|byte| byte.is_ascii_control()) {
        return Err("contains characters that no output has");
    }
    if path.starts_with('/') || path.contains(':') {
        return Err("is absolute");
    }
    path.split('/').try_for_each(check_component)
}

/// Decides whether a path that a lock or the tree names may be an output: not the spec, not the tool's own state.
///
/// # Errors
///
/// Why not, as the rest of a sentence.
pub fn check_output(path: &Utf8Path) -> Result<(), &'static str> {
    check(path)?;
    let folded = path.as_str().to_ascii_lowercase();
    let is_state = folded.starts_with(".backendgen/") && !folded.starts_with(".backendgen/schema/");
    if is_state || folded == ".backendgen" {
        return Err("belongs to the state of backendgen");
    }
    if folded == "backendgen.yaml" || folded.starts_with("resources/") || folded.starts_with("seeds/") {
        return Err("belongs to the spec");
    }
    if folded == ".env" {
        return Err("holds the secrets of the user");
    }
    Ok(())
}

fn check_component(component: &str) -> Result<(), &'static str> {
    let folded = component.to_ascii_lowercase();
    let stem = folded.split('.').next().unwrap_or_default();
    match component {
        "" => Err("has an empty component"),
        "." | ".." => Err("leaves the project"),
        _ if component.len() > MAX_COMPONENT => Err("has a component of more than 200 bytes"),
        _ if component.ends_with(['.', ' ']) => Err("has a component that ends with a dot or a space"),
        _ if folded == ".git" => Err("is inside of .git"),
        _ if DEVICES.contains(&stem) => Err("has the name of a Windows device"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(path: &str) -> &'static str {
        check_output(Utf8Path::new(path)).err().unwrap_or("ok")
    }

    #[test]
    fn only_plain_paths_below_the_root_pass() {
        let table = [
            ("app/models/order.py", "ok"),
            (".github/workflows/ci.yml", "ok"),
            ("docs/my file.md", "ok"),
            (".backendgen/schema/project.json", "ok"),
            ("", "is empty"),
            ("../../etc/passwd", "leaves the project"),
            ("app/../../x", "leaves the project"),
            ("./app", "leaves the project"),
            ("app//x", "has an empty component"),
            ("app/", "has an empty component"),
            ("/etc/passwd", "is absolute"),
            ("C:/x", "is absolute"),
            ("C:\\x", "contains characters that no output has"),
            ("app/a\nb", "contains characters that no output has"),
            ("app/é.py", "contains characters that no output has"),
            (".git/hooks/pre-commit", "is inside of .git"),
            ("sub/.GIT/config", "is inside of .git"),
            ("app/con.py", "has the name of a Windows device"),
            ("app/x.", "has a component that ends with a dot or a space"),
            (".backendgen/lock/_project.lock", "belongs to the state of backendgen"),
            ("resources/users.yaml", "belongs to the spec"),
            ("backendgen.yaml", "belongs to the spec"),
            (".env", "holds the secrets of the user"),
        ];
        let verdicts = table.map(|(path, _)| (path, verdict(path)));
        assert_eq!(verdicts, table);
    }

    #[test]
    fn a_component_is_at_most_200_bytes() {
        assert_eq!(verdict(&"a".repeat(200)), "ok");
        assert_eq!(verdict(&"a".repeat(201)), "has a component of more than 200 bytes");
    }
}
