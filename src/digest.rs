//! Hashes of files, as locks and findings write them.

use std::borrow::Cow;
use std::fmt;

use sha2::{Digest as _, Sha256};

/// A sha256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these very bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of a text file: line ends and a byte order mark do not count.
    #[must_use]
    pub fn of_text(bytes: &[u8]) -> Self {
        Self::of(&normalise(bytes))
    }

    /// Reads 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 64 || !hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sha256:{self}")
    }
}

/// The text without byte order mark and with LF line ends.
#[must_use]
pub fn normalise(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if !text.contains(&b'\r') {
        return Cow::Borrowed(text);
    }
    let mut normalised = Vec::with_capacity(text.len());
    for (at, &byte) in text.iter().enumerate() {
        if byte != b'\r' || text.get(at + 1) != Some(&b'\n') {
            normalised.push(byte);
        }
    }
    Cow::Owned(normalised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_byte_order_marks_do_not_count() {
        assert_eq!(Digest::of_text(b"\xef\xbb\xbfa\r\nb\r\n"), Digest::of(b"a\nb\n"));
    }

    #[test]
    fn a_lone_carriage_return_counts() {
        assert_ne!(Digest::of_text(b"a\rb\n"), Digest::of(b"ab\n"));
    }

    #[test]
    fn only_lower_case_digits_are_read() {
        let hex = Digest::of(b"").to_string();
        assert_eq!(Digest::parse(&hex), Some(Digest::of(b"")));
        assert_eq!(Digest::parse(&hex.to_uppercase()), None);
        assert_eq!(Digest::parse("e3b0"), None);
    }
}
