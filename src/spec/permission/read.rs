//! Reads permissions: `owner | admin`, or a list of alternatives.

use super::{ActionKey, Atom, Operation, PermissionSpec, PermissionsSpec, ReadWriteSpec};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;
use crate::spec::document::{Node, NodeKind};
use crate::spec::name::is_name;
use crate::spec::reader::{Allowed, Reader, Words, later, with_help};
use crate::spec::suggest;

/// The operations.
pub(in crate::spec) const OPERATIONS: Words<Operation> = Words {
    code: Code::E601,
    noun: "operation",
    now: &[
        ("list", Operation::List),
        ("get", Operation::Get),
        ("create", Operation::Create),
        ("update", Operation::Update),
        ("replace", Operation::Replace),
        ("delete", Operation::Delete),
        ("restore", Operation::Restore),
        ("purge", Operation::Purge),
    ],
    later: &["upsert", "bulk_create", "bulk_update", "bulk_delete"],
    foreign: suggest::FOREIGN_OPERATIONS,
};

const ACTIONS: Words<ActionKey> = Words {
    code: Code::E505,
    noun: "action",
    now: &[
        ("read", ActionKey::Read),
        ("write", ActionKey::Write),
        ("all", ActionKey::All),
        ("list", ActionKey::Operation(Operation::List)),
        ("get", ActionKey::Operation(Operation::Get)),
        ("create", ActionKey::Operation(Operation::Create)),
        ("update", ActionKey::Operation(Operation::Update)),
        ("replace", ActionKey::Operation(Operation::Replace)),
        ("delete", ActionKey::Operation(Operation::Delete)),
        ("restore", ActionKey::Operation(Operation::Restore)),
        ("purge", ActionKey::Operation(Operation::Purge)),
    ],
    later: &["upsert", "bulk_create", "bulk_update", "bulk_delete", "transition"],
    foreign: suggest::FOREIGN_OPERATIONS,
};

const READ_WRITE: Allowed = Allowed {
    place: "`permissions`",
    now: &["read", "write"],
    later: &[],
    foreign: &[("get", "read"), ("list", "read"), ("update", "write"), ("create", "write")],
};

/// Reads `permissions:` of a resource. What cannot be read keeps its key and has no alternatives.
pub(in crate::spec) fn permissions(reader: &mut Reader, node: &Node, name: &str) -> Option<PermissionsSpec> {
    let mut entries = Vec::new();
    for entry in reader.mapping(node, name)? {
        if entry.key.value.starts_with("x-") {
            continue;
        }
        let key = action_key(reader, &entry.key);
        let permission = permission(reader, &entry.value, &entry.key.value);
        if let Some(key) = key {
            let unread = || PermissionSpec { alternatives: Vec::new(), span: entry.value.span.clone() };
            entries.push((key, permission.unwrap_or_else(unread)));
        }
    }
    Some(PermissionsSpec { entries })
}

fn action_key(reader: &mut Reader, key: &Spanned<String>) -> Option<Spanned<ActionKey>> {
    if ACTIONS.now.iter().any(|(name, _)| *name == key.value) {
        return reader.word_of(key, &ACTIONS);
    }
    if ACTIONS.later.contains(&key.value.as_str()) {
        return reader.refuse(later(Code::E008, key, &format!("the permission of `{}`", key.value)));
    }
    let names = ACTIONS.now.iter().map(|(name, _)| *name);
    let help = suggest::help(&key.value, names, ACTIONS.foreign);
    let message = format!("unknown action `{}` in permissions", key.value);
    let diagnostic = Diagnostic::new(Code::E505, &key.span, message);
    reader.refuse(with_help(diagnostic, help, &key.span))
}

/// Reads `{read, write}`.
pub(in crate::spec) fn read_write(reader: &mut Reader, node: &Node, name: &str) -> Option<ReadWriteSpec> {
    let keys = reader.keys(node, name, &READ_WRITE)?;
    let read = keys.read(reader, "read", permission);
    let write = keys.read(reader, "write", permission);
    Some(ReadWriteSpec { read, write })
}

/// Reads a permission.
pub(in crate::spec) fn permission(reader: &mut Reader, node: &Node, name: &str) -> Option<PermissionSpec> {
    let items = reader.items(node, name)?;
    if items.is_empty() {
        let message = format!("`{name}` has no alternative");
        return reader.refuse(Diagnostic::new(Code::E514, &node.span, message).help("write `nobody` to allow nobody"));
    }
    let mut alternatives = Vec::new();
    let mut is_complete = true;
    for item in items {
        let parts = alternatives_of(reader, item, name);
        is_complete &= parts.is_some();
        alternatives.extend(parts.unwrap_or_default());
    }
    is_complete.then(|| PermissionSpec { alternatives, span: node.span.clone() })
}

fn alternatives_of(reader: &mut Reader, node: &Node, name: &str) -> Option<Vec<Spanned<Atom>>> {
    reader.scalar(node, name)?;
    let NodeKind::Scalar(scalar) = &node.kind else { return None };
    let (text, mut start) = (scalar.text.as_str(), 0);
    let mut found = Vec::new();
    for part in text.split('|') {
        let word = part.trim();
        let at = start + (part.len() - part.trim_start().len());
        let token = Spanned::new(word.to_owned(), node.part(at, at + word.len()));
        start += part.len() + 1;
        found.push(atom(reader, &token, text)?);
    }
    Some(found)
}

fn atom(reader: &mut Reader, token: &Spanned<String>, whole: &str) -> Option<Spanned<Atom>> {
    let word = token.value.as_str();
    if let Some(at) = word.find(" where ") {
        let span = token.span.clone();
        let place = Spanned::new(word[at + 1..].to_owned(), span);
        return reader.refuse(later(Code::E016, &place, "a `where` condition in a permission"));
    }
    if word == "member" || word.starts_with("member(") {
        return reader.refuse(later(Code::E016, token, "`member`"));
    }
    let atom = match word {
        "public" => Atom::Public,
        "authenticated" => Atom::Authenticated,
        "owner" => Atom::Owner,
        "nobody" => Atom::Nobody,
        role if is_role(role) => Atom::Role(role.to_owned()),
        _ => {
            let message = format!("cannot read the permission `{whole}`");
            let help = "e.g. `owner | admin`, with `public`, `authenticated`, `owner`, `nobody` or roles";
            return reader.refuse(Diagnostic::new(Code::E514, &token.span, message).help(help));
        }
    };
    Some(Spanned::new(atom, token.span.clone()))
}

/// Whether a word may name a role, which is an enum value.
fn is_role(word: &str) -> bool {
    is_name(word)
        || (word.starts_with(|c: char| c.is_ascii_alphanumeric())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.+-".contains(&byte)))
}
