//! The rules of the architecture that a compiler does not check: the order of the modules, and templates without
//! logic.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Every module, in the order in which one may use another: only those above it.
const ORDER: [&str; 26] = [
    "source",
    "diagnostic",
    "digest",
    "text_diff",
    "safe_path",
    "finding",
    "ownership",
    "spec",
    "model",
    "schema",
    "template",
    "plan",
    "stack",
    "migration",
    "tree",
    "overrides",
    "render",
    "compile",
    "lock",
    "reconcile",
    "disk",
    "exit",
    "report",
    "import",
    "cli",
    "commands",
];

/// Decisions that a template of 100 lines may have. Loops lay out, so they do not count.
const DECISIONS_PER_100_LINES: usize = 5;

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn rank(module: &str) -> usize {
    ORDER
        .iter()
        .position(|known| *known == module)
        .unwrap_or_else(|| panic!("`{module}` is not in the order of modules"))
}

/// The module that a source file belongs to; `main` and the list of modules belong to none.
fn module(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("found in src");
    let first = inside.components().next()?.as_os_str().to_str()?.trim_end_matches(".rs").to_owned();
    (first != "main" && first != "lib").then_some(first)
}

#[test]
fn modules_use_only_modules_above_them() {
    let word = Regex::new(r"\bcrate::(?:\{([^}]*)\}|(\w+))").expect("a valid pattern");
    let mut wrong = BTreeSet::new();
    for path in files("src", "rs") {
        let Some(user) = module(&path) else {
            continue;
        };
        let text = fs_err::read_to_string(&path).expect("sources are readable");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for used in word.captures_iter(&code) {
            assert!(used.get(1).is_none(), "{}: name one module of the crate in a line", path.display());
            if rank(&used[2]) > rank(&user) {
                wrong.insert(format!("{} uses {}, which stands below it", path.display(), &used[2]));
            }
        }
    }
    assert_eq!(wrong, BTreeSet::new());
}

#[test]
fn the_list_of_modules_is_in_the_same_order() {
    let text = fs_err::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("it exists");
    let modules = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let ranks: Vec<_> = modules.map(rank).collect();
    assert!(ranks.is_sorted(), "the modules of src/lib.rs are not in the order of the architecture");
}

/// The lines of a template that break a rule.
fn broken_rules(text: &str) -> Vec<String> {
    let tag = Regex::new(r"\{%-?\s*(\w+)\s*(.*?)\s*-?%\}").expect("a valid pattern");
    let plain_if = Regex::new(r"^(?:not )?[\w.]+ \| flag$").expect("a valid pattern");
    let mut broken = Vec::new();
    for found in tag.captures_iter(text) {
        let is_broken = match &found[1] {
            "if" => !plain_if.is_match(&found[2]),
            "elif" | "set" | "set_global" | "macro" => true,
            _ => false,
        };
        if is_broken {
            broken.push(found[0].to_owned());
        }
    }
    broken
}

fn decisions(text: &str) -> usize {
    Regex::new(r"\{%-?\s*if\b").expect("a valid pattern").find_iter(text).count()
}

#[test]
fn templates_lay_out_and_never_decide() {
    let mut broken = Vec::new();
    for path in files("templates", "tera") {
        let text = fs_err::read_to_string(&path).expect("templates are readable");
        let rules = broken_rules(&text).into_iter().map(|tag| format!("{}: {tag}", path.display()));
        broken.extend(rules);
        // A short template may have as many as one of 100 lines.
        let allowed = (text.lines().count() * DECISIONS_PER_100_LINES).div_ceil(100).max(DECISIONS_PER_100_LINES);
        let decisions = decisions(&text);
        if decisions > allowed {
            broken.push(format!("{}: {decisions} decisions, {allowed} are allowed", path.display()));
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn the_guard_of_templates_finds_logic() {
    // template, broken tags
    let table = [
        ("{% for x in xs %}{{ x }}{% endfor %}", 0),
        ("{% if x.unique | flag %}a{% else %}b{% endif %}", 0),
        ("{%- if not x | flag -%}a{%- endif -%}", 0),
        ("{% if x %}a{% endif %}", 1),
        ("{% if x == 1 %}a{% elif y | flag %}b{% endif %}", 2),
        ("{% if x | flag and y | flag %}a{% endif %}", 1),
        ("{% set x = 1 %}", 1),
    ];
    let found = table.map(|(text, _)| (text, broken_rules(text).len()));
    assert_eq!(found, table);
}
