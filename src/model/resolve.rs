//! `Spec` -> `Model`: resolves names, types, relations, permissions and rules, and collects every diagnostic.
