//! Names of constraints and indexes: made from the templates of the spec, cut to what all databases take, each used once.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// Bytes that PostgreSQL keeps of a name.
const LIMIT: usize = 63;
/// What a name that is too long keeps; `_` and eight hex digits follow.
const KEPT: usize = 54;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes a name, with `_2`, `_3` behind it if it is in use.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let first = cut(wanted);
        let mut name = first.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            let suffix = format!("_{number}");
            name = format!("{}{suffix}", head(&first, LIMIT - suffix.len()));
            number += 1;
        }
        name
    }
}

/// Fills a template of `naming:`.
pub(super) fn fill(template: &str, table: &str, columns: &str) -> String {
    template.replace("{table}", table).replace("{columns}", columns)
}

/// The first hex digits of the sha256 of a text.
#[must_use]
pub fn short_hash(text: &str, digits: usize) -> String {
    use std::fmt::Write as _;
    let mut hex = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
    }
    hex.truncate(digits);
    hex
}

fn cut(name: &str) -> String {
    if name.len() <= LIMIT { name.to_owned() } else { format!("{}_{}", head(name, KEPT), short_hash(name, 8)) }
}

fn head(name: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_use_gets_a_number() {
        let mut names = Names::default();
        let claimed = ["ix_a_b_c", "ix_a_b_c", "ix_a_b_c", "ix_a"].map(|name| names.claim(name));
        assert_eq!(claimed, ["ix_a_b_c", "ix_a_b_c_2", "ix_a_b_c_3", "ix_a"]);
    }

    #[test]
    fn long_names_keep_54_characters_and_stay_distinct() {
        let mut names = Names::default();
        let long = "x".repeat(80);
        let first = names.claim(&format!("{long}a"));
        let second = names.claim(&format!("{long}b"));
        let third = names.claim(&format!("{long}b"));
        assert_eq!(first.len(), LIMIT);
        assert_eq!(first[..55], format!("{}_", "x".repeat(54)));
        assert_ne!(first, second);
        assert_eq!((third.len(), third.ends_with("_2")), (LIMIT, true));
    }
}
