//! The text of a spec, as read from disk. Knows nothing about its meaning.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

/// All files of one spec, by path relative to the project root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    files: BTreeMap<Utf8PathBuf, SourceFile>,
}

/// One file of a spec: its path relative to the project root and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the project root, with `/`.
    pub path: Arc<Utf8Path>,
    /// As read; the reader of the YAML refuses what is not UTF-8.
    pub bytes: Vec<u8>,
}

impl Source {
    /// Adds a file, or replaces the one of the same path.
    pub fn insert(&mut self, path: impl Into<Utf8PathBuf>, bytes: impl Into<Vec<u8>>) {
        let path = path.into();
        let file = SourceFile { path: Arc::from(path.as_path()), bytes: bytes.into() };
        self.files.insert(path, file);
    }

    /// Removes a file from the spec.
    pub fn remove(&mut self, path: &Utf8Path) {
        self.files.remove(path);
    }

    /// The file of that path.
    #[must_use]
    pub fn get(&self, path: &Utf8Path) -> Option<&SourceFile> {
        self.files.get(path)
    }

    /// All files in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.values()
    }
}

/// A range of bytes in one file of the spec.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Relative to the project root.
    pub path: Arc<Utf8Path>,
    /// Byte offset of the first byte.
    pub start: usize,
    /// Byte offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end` of `path`.
    #[must_use]
    pub fn new(path: &Arc<Utf8Path>, start: usize, end: usize) -> Self {
        Self { path: Arc::clone(path), start, end }
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// A part of this span: `offset` bytes after its start, `length` bytes long.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Self {
        Self::new(&self.path, self.start + offset, self.start + offset + length)
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the spec.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value and its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// Changes the value, keeps the place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}
