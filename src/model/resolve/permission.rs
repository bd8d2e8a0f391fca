//! Who may do what: atoms, fallbacks, ownership, and what is probably a mistake.

use std::collections::{BTreeMap, BTreeSet};

use super::field::Fields;
use super::scope::{Draft, Scope, suggest};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Alternative, FieldId, FieldKind, Operation, Owner, Permission};
use crate::source::Span;
use crate::spec::permission::{ActionKey, Atom, Operation as OperationSpec, PermissionSpec};
use crate::spec::resource::OwnerSpec;

/// Resolves the permission of a field.
pub(super) fn of_field(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    permission: Option<&PermissionSpec>,
    diagnostics: &mut Diagnostics,
) -> Option<Permission> {
    resolve(scope, draft, permission?, diagnostics)
}

/// Resolves one permission; nothing if it is broken.
fn resolve(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    permission: &PermissionSpec,
    diagnostics: &mut Diagnostics,
) -> Option<Permission> {
    let mut alternatives = Vec::new();
    let mut is_right = true;
    for atom in &permission.alternatives {
        match alternative(scope, draft, &atom.value, &atom.span, diagnostics) {
            Some(alternative) if !alternatives.contains(&alternative) => alternatives.push(alternative),
            Some(_) => {}
            None => is_right = false,
        }
    }
    (is_right && !alternatives.is_empty()).then_some(Permission(alternatives))
}

fn alternative(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    atom: &Atom,
    span: &Span,
    diagnostics: &mut Diagnostics,
) -> Option<Alternative> {
    if scope.auth().is_none() {
        return without_auth(scope, atom, span, diagnostics);
    }
    match atom {
        Atom::Public => Some(Alternative::Public),
        Atom::Authenticated => Some(Alternative::Authenticated),
        Atom::Nobody => Some(Alternative::Nobody),
        Atom::Owner if draft.spec.owner.is_some() || draft.broken.contains("owner") => Some(Alternative::Owner),
        Atom::Owner => {
            let message = format!("`owner` is used but {} has no `owner:`", draft.name());
            diagnostics.push(
                Diagnostic::new(Code::E503, span, message)
                    .help(format!("add e.g. `owner: {}`", example_owner(scope, draft))),
            );
            None
        }
        Atom::Role(name) => role(scope, name, span, diagnostics).map(Alternative::Role),
    }
}

fn without_auth(scope: &Scope<'_>, atom: &Atom, span: &Span, diagnostics: &mut Diagnostics) -> Option<Alternative> {
    let word = match atom {
        Atom::Public => return Some(Alternative::Public),
        Atom::Nobody => return Some(Alternative::Nobody),
        Atom::Authenticated => "authenticated",
        Atom::Owner => "owner",
        Atom::Role(name) => name,
    };
    scope.needs_auth(&format!("`{word}`"), span, diagnostics);
    None
}

fn example_owner(scope: &Scope<'_>, draft: &Draft<'_>) -> String {
    use crate::spec::field::TypeSpec;
    if scope.user() == Some(draft.id) {
        return "self".to_owned();
    }
    let refers_to_user = |kind: &TypeSpec| {
        let TypeSpec::Ref(targets) = kind else { return false };
        targets.iter().any(|target| scope.target(draft.id, &target.value) == scope.user())
    };
    let reference = draft.fields.iter().find(|field| refers_to_user(&field.kind.value));
    reference.map_or_else(|| "author".to_owned(), |field| field.name.value.clone())
}

/// The position of a role in `auth.roles`.
pub(super) fn role(scope: &Scope<'_>, name: &str, span: &Span, diagnostics: &mut Diagnostics) -> Option<usize> {
    let roles = role_names(scope);
    let position = roles.iter().position(|known| *known == name);
    if position.is_none() && !scope.spec.project.broken.contains("auth") {
        let known = roles.into_iter().chain(["public", "authenticated", "owner", "nobody"]);
        diagnostics.push(suggest(Diagnostic::new(Code::E502, span, format!("unknown role `{name}`")), name, known));
    }
    position
}

fn role_names<'a>(scope: &Scope<'a>) -> Vec<&'a str> {
    match scope.auth().and_then(|auth| auth.roles.as_ref()) {
        Some(roles) => roles.value.iter().map(|role| role.name.value.as_str()).collect(),
        None => vec!["user"],
    }
}

/// Resolves `owner:`.
pub(super) fn owner(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    diagnostics: &mut Diagnostics,
) -> Option<Owner> {
    let owner = draft.spec.owner.as_ref()?;
    if scope.auth().is_none() {
        scope.needs_auth("`owner:`", &owner.span, diagnostics);
        return None;
    }
    match &owner.value {
        OwnerSpec::Itself if scope.user() == Some(draft.id) => Some(Owner::SelfRow),
        OwnerSpec::Itself => {
            let message =
                format!("`self` in `owner: self` only works on the resource of `auth.user`, not on {}", draft.name());
            diagnostics.push(Diagnostic::new(Code::E504, &owner.span, message).help("name a reference to the users"));
            None
        }
        OwnerSpec::Field(path) if path.contains('.') => {
            let message = format!("a path such as `owner: {path}` is not supported yet");
            diagnostics
                .push(Diagnostic::new(Code::E016, &owner.span, message).help("name a reference of this resource"));
            None
        }
        OwnerSpec::Field(name) => owner_reference(scope, draft, fields, name, &owner.span, diagnostics),
    }
}

fn owner_reference(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    name: &str,
    span: &Span,
    diagnostics: &mut Diagnostics,
) -> Option<Owner> {
    if draft.broken.contains(name) {
        return None;
    }
    let id = draft.find(name);
    if id.is_some_and(|id| fields.broken.contains(&id)) {
        return None;
    }
    let reference = id.and_then(|id| match &fields.list[id.0].kind {
        FieldKind::Reference(reference) => Some((id, reference)),
        FieldKind::Scalar(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    });
    let Some((id, reference)) = reference else {
        let message = format!("`{name}` in `owner: {name}` is not a reference of {}", draft.name());
        let references = fields.list.iter().filter(|field| matches!(field.kind, FieldKind::Reference(_)));
        let diagnostic = Diagnostic::new(Code::E504, span, message);
        diagnostics.push(suggest(diagnostic, name, references.map(|field| field.name.snake())));
        return None;
    };
    let user = scope.user()?;
    if reference.target != user {
        let message = format!("`{name}` in `owner: {name}` is not a reference to {}", scope.draft(user).name());
        diagnostics.push(Diagnostic::new(Code::E504, span, message));
        return None;
    }
    if fields.list[id.0].presence.nullable {
        let message = format!("the owner `{name}` can be null: such rows belong to nobody");
        diagnostics.push(Diagnostic::new(Code::W509, span, message));
    }
    Some(Owner::Reference(id))
}

/// The permission of every operation that is on, and of `get`, which references to the resource ask for.
pub(super) fn permissions(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    operations: &BTreeSet<Operation>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<Operation, Permission> {
    let known = resolve_entries(scope, draft, diagnostics);
    check_entries(draft, operations, diagnostics);
    let mut permissions = BTreeMap::new();
    let mut silent = Vec::new();
    let mut open = Open::new();
    for &operation in operations.iter().chain([&Operation::Get]) {
        match find(scope, draft, operation, &known) {
            Found::Resolved(permission, span) => {
                if let (true, Some(code)) = (operations.contains(&operation), openness(scope, operation, &permission)) {
                    open.entry((code, span)).or_default().push(word(operation));
                }
                permissions.insert(operation, permission);
            }
            Found::Public => {
                permissions.insert(operation, Permission(vec![Alternative::Public]));
            }
            Found::Silent if operations.contains(&operation) => silent.push(word(operation)),
            Found::Silent => {
                permissions.insert(operation, Permission(vec![Alternative::Nobody]));
            }
            Found::Broken => {}
        }
    }
    say_silent(draft, &silent, diagnostics);
    say_open(draft, &open, diagnostics);
    permissions
}

/// Operations that are open to many: the code of the warning, where that was said, and their words.
type Open = BTreeMap<(Code, Span), Vec<&'static str>>;

enum Found {
    Resolved(Permission, Span),
    /// There is no auth.
    Public,
    /// No key exists.
    Silent,
    /// It was reported where it stands.
    Broken,
}

type Entries<'a> = Vec<(&'a ActionKey, &'a PermissionSpec, Option<Permission>)>;

fn resolve_entries<'a>(scope: &Scope<'a>, draft: &Draft<'a>, diagnostics: &mut Diagnostics) -> Entries<'a> {
    let entries = &draft.spec.permissions.entries;
    entries
        .iter()
        .map(|(key, permission)| (&key.value, permission, resolve(scope, draft, permission, diagnostics)))
        .collect()
}

fn find(scope: &Scope<'_>, draft: &Draft<'_>, operation: Operation, entries: &Entries<'_>) -> Found {
    for key in fallbacks(operation) {
        let entry = entries.iter().find(|(known, ..)| **known == key);
        match entry {
            Some((_, spec, Some(permission))) => return Found::Resolved(permission.clone(), spec.span.clone()),
            Some((_, _, None)) => return Found::Broken,
            None => {}
        }
    }
    let Some(auth) = scope.auth() else {
        return if scope.may_have_auth() { Found::Broken } else { Found::Public };
    };
    let project = if is_read(operation) { &auth.permissions.read } else { &auth.permissions.write };
    let Some(project) = project else { return Found::Silent };
    let mut quiet = Diagnostics::default();
    match resolve(scope, draft, project, &mut quiet) {
        Some(permission) => Found::Resolved(permission, project.span.clone()),
        None => Found::Broken,
    }
}

/// Reports what is wrong with `auth.permissions`, once a resource.
pub(super) fn check_project_permissions(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    operations: &BTreeSet<Operation>,
    diagnostics: &mut Diagnostics,
) {
    let Some(auth) = scope.auth() else { return };
    let entries = &draft.spec.permissions.entries;
    let falls_through = |operation: &&Operation| {
        !fallbacks(**operation).iter().any(|key| entries.iter().any(|(known, _)| known.value == *key))
    };
    let (reads, writes): (Vec<&Operation>, Vec<&Operation>) =
        operations.iter().filter(falls_through).partition(|operation| is_read(**operation));
    for (used, permission) in
        [(!reads.is_empty(), &auth.permissions.read), (!writes.is_empty(), &auth.permissions.write)]
    {
        if let (true, Some(permission)) = (used, permission) {
            resolve(scope, draft, permission, diagnostics);
        }
    }
}

/// The keys that may hold the permission of an operation, the nearest first.
fn fallbacks(operation: Operation) -> Vec<ActionKey> {
    let own = |operation| ActionKey::Operation(operation);
    match operation {
        Operation::List => vec![own(OperationSpec::List), ActionKey::Read, ActionKey::All],
        Operation::Get => vec![own(OperationSpec::Get), ActionKey::Read, ActionKey::All],
        Operation::Create => vec![own(OperationSpec::Create), ActionKey::Write, ActionKey::All],
        Operation::Update => vec![own(OperationSpec::Update), ActionKey::Write, ActionKey::All],
        Operation::Delete => vec![own(OperationSpec::Delete), ActionKey::Write, ActionKey::All],
        Operation::Replace => with(own(OperationSpec::Replace), Operation::Update),
        Operation::Restore => with(own(OperationSpec::Restore), Operation::Delete),
        Operation::Purge => with(own(OperationSpec::Purge), Operation::Delete),
    }
}

fn with(own: ActionKey, other: Operation) -> Vec<ActionKey> {
    let mut keys = vec![own];
    keys.extend(fallbacks(other));
    keys
}

fn is_read(operation: Operation) -> bool {
    matches!(operation, Operation::List | Operation::Get)
}

fn say_silent(draft: &Draft<'_>, silent: &[&str], diagnostics: &mut Diagnostics) {
    if silent.is_empty() || draft.broken.contains("permissions") {
        return;
    }
    let message = format!("nothing says who may {} {}", silent.join(", "), draft.name());
    let diagnostic = Diagnostic::new(Code::E520, &draft.spec.name.span, message);
    diagnostics.push(diagnostic.help("add `permissions:` here or `auth.permissions` in backendgen.yaml"));
}

fn check_entries(draft: &Draft<'_>, operations: &BTreeSet<Operation>, diagnostics: &mut Diagnostics) {
    for (key, permission) in &draft.spec.permissions.entries {
        let ActionKey::Operation(operation) = key.value else { continue };
        let operation = super::project::operation(operation);
        let is_nobody = permission.alternatives.iter().all(|atom| atom.value == Atom::Nobody);
        let is_asked = operations.contains(&operation) || operation == Operation::Get;
        if !is_asked && !is_nobody && !draft.broken.contains("operations") {
            let message = format!("`{}` is not among the operations of {}", word(operation), draft.name());
            diagnostics.push(Diagnostic::new(Code::W506, &key.span, message));
        }
        let owner = permission.alternatives.iter().find(|atom| atom.value == Atom::Owner);
        if let (Operation::Create, Some(owner), true) = (operation, owner, draft.spec.owner.is_some()) {
            let diagnostic = Diagnostic::new(Code::E513, &owner.span, "nobody owns a row before it exists");
            diagnostics.push(diagnostic.help("use `authenticated`: backendgen sets the owner from the token"));
        }
    }
}

/// The code of the warning if anybody, or everybody who is logged in, may do this to every row.
fn openness(scope: &Scope<'_>, operation: Operation, permission: &Permission) -> Option<Code> {
    if is_read(operation) || scope.auth().is_none() {
        return None;
    }
    if permission.is_public() {
        return Some(Code::W510);
    }
    let is_open = permission.0.contains(&Alternative::Authenticated) && operation != Operation::Create;
    is_open.then_some(Code::W517)
}

fn say_open(draft: &Draft<'_>, open: &Open, diagnostics: &mut Diagnostics) {
    // The permission may stand in the project, but it is this resource that is open.
    let is_meant = |code: Code| draft.spec.allow.iter().any(|word| word.value.eq_ignore_ascii_case(code.as_str()));
    for ((code, span), words) in open.iter().filter(|((code, _), _)| !is_meant(*code)) {
        let (words, name) = (listed(words), draft.name());
        diagnostics.push(if *code == Code::W510 {
            Diagnostic::new(*code, span, format!("anybody on the internet may {words} {name}"))
        } else {
            let message = format!("everybody who is logged in may {words} every row of {name}");
            Diagnostic::new(*code, span, message).help("add `owner:` or name a role; `x-allow: [W517]` if it is meant")
        });
    }
}

/// `update`, `update and delete`, `update, replace and delete`
fn listed(words: &[&str]) -> String {
    match words {
        [start @ .., last] if !start.is_empty() => format!("{} and {last}", start.join(", ")),
        words => words.concat(),
    }
}

/// The language's word for an operation.
pub(super) fn word(operation: Operation) -> &'static str {
    match operation {
        Operation::List => "list",
        Operation::Get => "get",
        Operation::Create => "create",
        Operation::Update => "update",
        Operation::Replace => "replace",
        Operation::Delete => "delete",
        Operation::Restore => "restore",
        Operation::Purge => "purge",
    }
}

/// The field of the user resource that holds the role must not be writable by anybody.
pub(super) fn check_role_field(draft: &Draft<'_>, fields: &Fields, role: FieldId, diagnostics: &mut Diagnostics) {
    let field = &fields.list[role.0];
    let is_writable = field.access.in_create() || field.access.in_update();
    let is_limited = field.write.as_ref().is_some_and(|write| {
        write.0.iter().all(|alternative| matches!(alternative, Alternative::Role(_) | Alternative::Nobody))
    });
    let is_unreadable = draft.field(role).permissions.write.is_some() && field.write.is_none();
    if is_writable && !is_limited && !is_unreadable {
        let name = format!("{}.{}", draft.name(), field.name);
        let message = format!("anybody may give themselves any role: `{name}` is writable");
        let diagnostic = Diagnostic::new(Code::E515, &draft.field(role).name.span, message);
        diagnostics.push(diagnostic.help("add `permissions: {write: admin}` or `readonly`"));
    }
}
