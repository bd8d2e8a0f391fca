//! Singular and plural of resource names (inflection.md).
