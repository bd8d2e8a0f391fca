//! Who writes a file. Stands above the spec, whose `ownership:` names it, and the plan, which decides by it.

/// Who writes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ownership {
    /// The tool; always rewritten.
    Generated,
    /// Both; merged.
    Merged,
    /// The user, from birth.
    Yours,
    /// The tool, once: migrations.
    Record,
}

/// Whether a glob (`*` within a segment, `**` across segments) matches a whole path.
#[must_use]
pub fn glob_matches(glob: &str, path: &str) -> bool {
    let glob: Vec<_> = glob.split('/').collect();
    let path: Vec<_> = path.split('/').collect();
    segments_match(&glob, &path)
}

fn segments_match(glob: &[&str], path: &[&str]) -> bool {
    match glob {
        [] => path.is_empty(),
        ["**", rest @ ..] => (0..=path.len()).any(|skipped| segments_match(rest, &path[skipped..])),
        [segment, rest @ ..] => {
            path.first().is_some_and(|first| segment_matches(segment.as_bytes(), first.as_bytes()))
                && segments_match(rest, &path[1..])
        }
    }
}

fn segment_matches(glob: &[u8], name: &[u8]) -> bool {
    match glob {
        [] => name.is_empty(),
        [b'*', rest @ ..] => (0..=name.len()).any(|skipped| segment_matches(rest, &name[skipped..])),
        [byte, rest @ ..] => name.first() == Some(byte) && segment_matches(rest, &name[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_matches_within_and_across_segments() {
        let table = [
            ("app/core/**", "app/core/app.py", true),
            ("app/core/**", "app/core/deep/app.py", true),
            ("app/core/**", "app/cores/app.py", false),
            ("app/*/order.py", "app/models/order.py", true),
            ("app/*/order.py", "app/api/v1/order.py", false),
            ("**/order_*.py", "app/services/order_service.py", true),
            ("compose.yaml", "compose.yaml", true),
            ("compose.yaml", "deploy/compose.yaml", false),
        ];
        for (glob, path, expected) in table {
            assert_eq!(glob_matches(glob, path), expected, "{glob} {path}");
        }
    }
}
