//! How two versions of a text file differ: as a unified diff, as counts, as the first line.

use std::borrow::Cow;
use std::fmt::Write as _;

use camino::Utf8Path;
use similar::{ChangeTag, TextDiff};

use crate::digest::normalise;

/// The unified diff between two versions of a file, which `patch -p1` applies. A version may be absent.
#[must_use]
pub fn unified(path: &Utf8Path, before: Option<&[u8]>, after: Option<&[u8]>) -> String {
    let from = before.map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{path}"));
    let to = after.map_or_else(|| "/dev/null".to_owned(), |_| format!("b/{path}"));
    let (Some(old), Some(new)) = (as_text(before), as_text(after)) else {
        return format!("Binary files {from} and {to} differ\n");
    };
    let diff = TextDiff::from_lines(old, new);
    let mut hunks = diff.unified_diff();
    let mut text = hunks.context_radius(3).header(&from, &to).to_string();
    if text.is_empty() && before.is_some() != after.is_some() {
        writeln!(text, "--- {from}\n+++ {to}").expect("writing to a string does not fail");
    }
    text
}

/// How many lines were added and removed.
#[must_use]
pub fn counts(before: Option<&[u8]>, after: Option<&[u8]>) -> (usize, usize) {
    let (Some(old), Some(new)) = (as_text(before), as_text(after)) else {
        return (0, 0);
    };
    match (old, new) {
        ("", _) => (new.lines().count(), 0),
        (_, "") => (0, old.lines().count()),
        _ => {
            let diff = TextDiff::from_lines(old, new);
            let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
            (count(ChangeTag::Insert), count(ChangeTag::Delete))
        }
    }
}

/// The first line of `actual`, from 1, that is not the one of `expected`.
#[must_use]
pub fn first_difference(expected: &[u8], actual: &[u8]) -> usize {
    let (expected, actual) = (normalise(expected), normalise(actual));
    let same = expected.split(|&byte| byte == b'\n').zip(actual.split(|&byte| byte == b'\n'));
    1 + same.take_while(|(one, other)| one == other).count()
}

/// The text with the line ends that most lines of the existing file have.
#[must_use]
pub fn with_line_ends_of<'a>(text: &'a [u8], existing: &[u8]) -> Cow<'a, [u8]> {
    let all = existing.split(|&byte| byte == b'\n').count() - 1;
    let windows = existing.windows(2).filter(|pair| pair == b"\r\n").count();
    if windows * 2 <= all {
        return Cow::Borrowed(text);
    }
    let mut converted = Vec::with_capacity(text.len() + all);
    for &byte in text {
        if byte == b'\n' {
            converted.push(b'\r');
        }
        converted.push(byte);
    }
    Cow::Owned(converted)
}

/// Whether git left the markers of a conflict in the file.
#[must_use]
pub fn has_conflict_markers(text: &[u8]) -> bool {
    let mut wanted = [b"<<<<<<<".as_slice(), b"=======", b">>>>>>>"].into_iter();
    let mut next = wanted.next();
    for line in text.split(|&byte| byte == b'\n') {
        match next {
            Some(marker) if line.starts_with(marker) => next = wanted.next(),
            Some(_) => {}
            None => return true,
        }
    }
    next.is_none()
}

fn as_text(bytes: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(bytes.unwrap_or_default()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unified_diff_can_be_patched() {
        let diff = unified(Utf8Path::new("app/x.py"), Some(b"a\nb\nc\n"), Some(b"a\nB\nc"));
        insta::assert_snapshot!(diff, @r"
        --- a/app/x.py
        +++ b/app/x.py
        @@ -1,3 +1,3 @@
         a
        -b
        -c
        +B
        +c
        \ No newline at end of file
        ");
    }

    #[test]
    fn a_new_file_comes_from_nothing() {
        assert!(unified(Utf8Path::new("x"), None, Some(b"a\n")).starts_with("--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n"));
    }

    #[test]
    fn lines_are_counted() {
        assert_eq!(counts(Some(b"a\nb\n"), Some(b"a\nc\nd\n")), (2, 1));
        assert_eq!(counts(None, Some(b"a\nc\n")), (2, 0));
        assert_eq!(counts(Some(b"a\n"), None), (0, 1));
    }

    #[test]
    fn the_first_different_line_is_named() {
        assert_eq!(first_difference(b"a\nb\nc\n", b"a\r\nx\r\nc\r\n"), 2);
        assert_eq!(first_difference(b"a\n", b"a\nb\n"), 2);
    }

    #[test]
    fn the_dominant_line_ends_are_kept() {
        assert_eq!(&*with_line_ends_of(b"a\nb\n", b"x\r\ny\r\nz\n"), b"a\r\nb\r\n");
        assert_eq!(&*with_line_ends_of(b"a\nb\n", b"x\r\ny\nz\n"), b"a\nb\n");
    }

    #[test]
    fn markers_count_only_together_and_in_order() {
        assert!(has_conflict_markers(b"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"));
        assert!(!has_conflict_markers(b"Title\n=======\n>>>>>>>\n"));
    }
}
