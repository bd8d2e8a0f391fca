//! The import statements of a module: collected while its words are made, printed as `ruff check --select I` wants them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// What a module imports.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    package: String,
    /// Names by the module they come from.
    names: BTreeMap<String, BTreeSet<String>>,
    /// Modules that are imported whole.
    modules: BTreeSet<String>,
}

/// Import statements, ready to print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportBlock {
    /// The statements, one a line, with a blank line between groups and none at the end.
    pub lines: Vec<String>,
}

/// Where a module comes from; the order of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Standard,
    ThirdParty,
    FirstParty,
    /// `tests`, a group of its own whatever the package is called.
    Tests,
}

impl Imports {
    /// No imports yet; `package` is the one that is ours.
    #[must_use]
    pub fn new(package: &str) -> Self {
        Self { package: package.to_owned(), ..Self::default() }
    }

    /// `from module import name`, once however often it is asked for.
    pub fn add(&mut self, module: &str, name: &str) {
        self.names.entry(module.to_owned()).or_default().insert(name.to_owned());
    }

    /// `from module import …` for several names.
    pub fn add_all<'a>(&mut self, module: &str, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.add(module, name);
        }
    }

    /// `from <package>.<module> import name`.
    pub fn add_own(&mut self, module: &str, name: &str) {
        self.add(&format!("{}.{module}", self.package), name);
    }

    /// `import module`.
    pub fn add_module(&mut self, module: &str) {
        self.modules.insert(module.to_owned());
    }

    /// The statements in the order of the linter.
    #[must_use]
    pub fn block(&self) -> ImportBlock {
        let groups =
            [Origin::Standard, Origin::ThirdParty, Origin::FirstParty, Origin::Tests].map(|origin| self.group(origin));
        let filled: Vec<_> = groups.into_iter().filter(|group| !group.is_empty()).collect();
        ImportBlock { lines: filled.join(&String::new()) }
    }

    fn group(&self, origin: Origin) -> Vec<String> {
        let whole = self.modules.iter().filter(|module| self.origin(module) == origin);
        let mut whole: Vec<_> = whole.collect();
        whole.sort_by(|a, b| natural(a, b));
        let mut from: Vec<_> = self.names.iter().filter(|(module, _)| self.origin(module) == origin).collect();
        from.sort_by(|(a, _), (b, _)| natural(a, b));
        let whole = whole.into_iter().map(|module| format!("import {module}"));
        whole.chain(from.into_iter().map(|(module, names)| statement(module, names))).collect()
    }

    fn origin(&self, module: &str) -> Origin {
        let top = module.split('.').next().unwrap_or(module);
        if top == self.package {
            Origin::FirstParty
        } else if top == "tests" {
            Origin::Tests
        } else if STANDARD.contains(&top) {
            Origin::Standard
        } else {
            Origin::ThirdParty
        }
    }
}

/// The top-level modules of the standard library that generated code uses.
const STANDARD: &[&str] = &[
    "__future__",
    "asyncio",
    "base64",
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "ipaddress",
    "json",
    "math",
    "pathlib",
    "re",
    "typing",
    "uuid",
    "zoneinfo",
];

fn statement(module: &str, names: &BTreeSet<String>) -> String {
    let mut names: Vec<_> = names.iter().map(String::as_str).collect();
    names.sort_by(|a, b| (kind(a), Natural(a)).cmp(&(kind(b), Natural(b))));
    format!("from {module} import {}", names.join(", "))
}

/// Constants come before classes, classes before the rest.
fn kind(name: &str) -> u8 {
    let letters = || name.chars().filter(|character| character.is_alphabetic());
    if name.len() > 1 && letters().next().is_some() && letters().all(char::is_uppercase) {
        0
    } else if name.starts_with(char::is_uppercase) {
        1
    } else {
        2
    }
}

#[derive(PartialEq, Eq)]
struct Natural<'a>(&'a str);

impl PartialOrd for Natural<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        natural(self.0, other.0)
    }
}

/// Compares without case, runs of digits by their value; names that agree so far, by their bytes.
fn natural(a: &str, b: &str) -> Ordering {
    let (lower_a, lower_b) = (a.to_lowercase(), b.to_lowercase());
    let (mut rest_a, mut rest_b) = (lower_a.as_str(), lower_b.as_str());
    while !rest_a.is_empty() && !rest_b.is_empty() {
        let (digits_a, digits_b) = (leading_digits(rest_a), leading_digits(rest_b));
        let (step, order) = if digits_a > 0 && digits_b > 0 {
            ((digits_a, digits_b), compare_numbers(&rest_a[..digits_a], &rest_b[..digits_b]))
        } else {
            let (char_a, char_b) = (first(rest_a), first(rest_b));
            ((char_a.len_utf8(), char_b.len_utf8()), char_a.cmp(&char_b))
        };
        if order != Ordering::Equal {
            return order;
        }
        (rest_a, rest_b) = (&rest_a[step.0..], &rest_b[step.1..]);
    }
    rest_a.len().cmp(&rest_b.len()).then_with(|| a.cmp(b))
}

fn first(text: &str) -> char {
    text.chars().next().expect("the caller stops at the end")
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_stand_in_the_order_of_the_linter() {
        let mut imports = Imports::new("app");
        imports.add_all("sqlalchemy", ["Index", "CheckConstraint", "select", "UUID", "bindparam", "String"]);
        imports.add("datetime", "datetime");
        imports.add_own("models.order2", "Order2");
        imports.add_own("models.order10", "Order10");
        imports.add("uuid", "UUID");
        imports.add("pydantic", "Field");
        imports.add_module("functools");
        assert_eq!(
            imports.block().lines,
            [
                "import functools",
                "from datetime import datetime",
                "from uuid import UUID",
                "",
                "from pydantic import Field",
                "from sqlalchemy import UUID, CheckConstraint, Index, String, bindparam, select",
                "",
                "from app.models.order2 import Order2",
                "from app.models.order10 import Order10",
            ]
        );
    }
}
