//! Permissions as Python: the `may_…` methods of a service, and who may see and set a field.

use serde::Serialize;

use super::python::{Expr, Ident, docstring, joined};
use super::routes::shown;
use super::schema::{column_attribute, filter_column, filter_names};
use crate::model::{
    Action, Alternative, Column, Field, FieldDefault, FieldId, FieldKind, Filter, Model, Operation, Owner, Permission,
    Resource,
};

/// One `may_…` method.
#[derive(Debug, Clone, Serialize)]
pub struct MayView {
    /// `may_update`
    pub name: Ident,
    /// The permission as the spec has it.
    pub doc: String,
    /// Callers for whom every row is allowed, at most one test.
    pub tests: Vec<Expr>,
    /// The statement for everybody else.
    pub otherwise: Expr,
}

/// Fields that the same callers may not read or write.
#[derive(Debug, Clone, Serialize)]
pub struct FieldRuleView {
    /// True for callers who are refused.
    pub refused: Expr,
    /// The attributes.
    pub fields: Vec<Expr>,
}

/// What an action asks of its caller.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    model: &'a Model,
    resource: &'a Resource,
    permission: &'a Permission,
    action: Action,
}

impl<'a> Demand<'a> {
    /// The permission of an action; none where nobody is ever refused.
    #[must_use]
    pub fn of(model: &'a Model, resource: &'a Resource, action: Action) -> Option<Self> {
        let permission = resource.permissions.get(&action)?;
        let is_checked = model.project.auth.is_some() || permission.0 == [Alternative::Nobody];
        is_checked.then_some(Self { model, resource, permission, action })
    }

    /// Whether anonymous callers pass.
    #[must_use]
    pub fn is_public(self) -> bool {
        self.permission.is_public() && !self.needs_login()
    }

    /// Whether some caller who is logged in is refused.
    #[must_use]
    pub fn refuses(self) -> bool {
        let passes_all = |alternative: &Alternative| match alternative {
            Alternative::Public | Alternative::Authenticated => true,
            Alternative::Owner | Alternative::Nobody | Alternative::Role(_) => false,
        };
        !self.permission.0.iter().any(passes_all)
    }

    /// Whether the rows of the owner are asked for.
    #[must_use]
    pub fn names_owner(self) -> bool {
        self.permission.depends_on_row() && !self.permission.is_public() && !self.has(&Alternative::Authenticated)
    }

    /// A new row that has to belong to somebody needs somebody who is logged in.
    fn needs_login(self) -> bool {
        let is_from_caller = |field: &Field| match &field.kind {
            FieldKind::Reference(reference) if reference.is_owner => true,
            FieldKind::Reference(_) => field.presence.default == FieldDefault::CurrentUser,
            FieldKind::Scalar(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => false,
        };
        let mut fields = self.resource.fields.iter();
        self.action == Operation::Create && fields.any(|field| is_from_caller(field) && !field.presence.nullable)
    }

    fn has(self, alternative: &Alternative) -> bool {
        self.permission.0.contains(alternative)
    }

    /// The method.
    #[must_use]
    pub fn view(self) -> MayView {
        let (tests, otherwise) = self.body();
        MayView {
            name: Ident::new(may(self.action)),
            doc: docstring(&shown(self.model, self.permission)),
            tests: tests.into_iter().collect(),
            otherwise: Expr::code(otherwise),
        }
    }

    fn body(self) -> (Option<Expr>, &'static str) {
        if self.model.project.auth.is_none() {
            return (None, "raise ForbiddenError");
        }
        if self.is_public() {
            return (None, "return EVERY_ROW");
        }
        if self.has(&Alternative::Authenticated) || self.permission.is_public() {
            return (None, "return self.principal.required(EVERY_ROW)");
        }
        let test = has_role(self.model, self.permission);
        if self.names_owner() {
            return (test, "return self.principal.required(OWNER)");
        }
        (test, "raise self.principal.refused()")
    }
}

/// `may_update`
#[must_use]
pub fn may(action: Action) -> &'static str {
    match action {
        Operation::List => "may_list",
        Operation::Get => "may_get",
        Operation::Create => "may_create",
        Operation::Update => "may_update",
        Operation::Replace => "may_replace",
        Operation::Delete => "may_delete",
        Operation::Restore => "may_restore",
        Operation::Purge => "may_purge",
    }
}

/// A test for the roles of a permission; the superuser has all of them.
fn has_role(model: &Model, permission: &Permission) -> Option<Expr> {
    let auth = model.project.auth.as_ref()?;
    let roles = permission.0.iter().filter_map(|alternative| match alternative {
        Alternative::Role(position) => Some(Expr::string(&auth.roles[*position].value)),
        Alternative::Public | Alternative::Authenticated | Alternative::Owner | Alternative::Nobody => None,
    });
    let roles = joined(roles);
    match (roles.is_empty(), auth.superuser) {
        (false, _) => Some(Expr::code(format!("self.principal.has_role({roles})"))),
        (true, Some(_)) => Some(Expr::code("self.principal.is_superuser")),
        (true, None) => None,
    }
}

/// Tests for the owner of a row, of which one must hold; on create there is no row yet, and the new one will be the caller's.
fn owns(resource: &Resource, row: &str, purpose: Purpose) -> Vec<String> {
    let owns = |attribute: &str| format!("self.principal.owns({row}[{}])", Expr::string(attribute));
    match (resource.owner, purpose) {
        (None, _) | (Some(_), Purpose::Search) => Vec::new(),
        (Some(Owner::SelfRow), Purpose::Read) => vec![owns("id")],
        (Some(Owner::SelfRow), Purpose::Write) => vec![format!("({row} is not None and {})", owns("id"))],
        (Some(Owner::Reference(field)), Purpose::Read) => vec![owns(&resource.field(field).attribute)],
        (Some(Owner::Reference(field)), Purpose::Write) => {
            vec![format!("{row} is None"), owns(&resource.field(field).attribute)]
        }
    }
}

/// What a field is wanted for.
#[derive(Clone, Copy)]
enum Purpose {
    Read,
    Write,
    Search,
}

/// True for callers who are refused; none if nobody is.
fn refused(model: &Model, permission: &Permission, owner: Vec<String>) -> Option<Expr> {
    if permission.is_public() {
        return None;
    }
    if permission.0.contains(&Alternative::Authenticated) {
        return Some(Expr::code("self.principal.is_anonymous"));
    }
    let role = has_role(model, permission).map(|test| test.to_string());
    let owner = owner.into_iter().filter(|_| permission.depends_on_row());
    let tests: Vec<_> = role.into_iter().chain(owner).collect();
    Some(Expr::code(match tests.as_slice() {
        [] => "not self.principal.is_superuser".to_owned(),
        [test] => format!("not {test}"),
        tests => format!("not ({})", tests.join(" or ")),
    }))
}

/// The fields that some callers may not read in a row.
#[must_use]
pub fn unreadable(model: &Model, resource: &Resource, row: &str) -> Vec<FieldRuleView> {
    let shown = resource.fields.iter().filter(|field| field.access.in_responses());
    rules(shown.filter_map(|field| {
        let refused = refused(model, field.read.as_ref()?, owns(resource, row, Purpose::Read))?;
        Some((refused, field.attribute.clone()))
    }))
}

/// The fields that some callers may not write in a row, or in a new one.
#[must_use]
pub fn unwritable(model: &Model, resource: &Resource, row: &str) -> Vec<FieldRuleView> {
    let accepted = resource.fields.iter().filter(|field| field.access.in_create() || field.access.in_update());
    rules(accepted.filter_map(|field| {
        let refused = refused(model, field.write.as_ref()?, owns(resource, row, Purpose::Write))?;
        Some((refused, field.attribute.clone()))
    }))
}

/// The fields, own ones and those behind a reference, that some callers may not filter, sort or search by.
#[must_use]
pub fn unsearchable(model: &Model, resource: &Resource) -> Vec<FieldRuleView> {
    let own = resource.fields_with_ids().filter(|(id, _)| is_searched(resource, *id));
    let own = own.map(|(_, field)| (field, field.attribute.clone()));
    let paths = resource.list.filter.iter().filter_map(|filter| {
        let Filter::Path(..) = filter else { return None };
        let (target, Column::Field(id)) = filter_column(model, resource, *filter) else { return None };
        Some((target.field(id), filter_names(model, resource, *filter).0))
    });
    rules(own.chain(paths).filter_map(|(field, name)| {
        Some((refused(model, field.read.as_ref()?, owns(resource, "", Purpose::Search))?, name))
    }))
}

fn is_searched(resource: &Resource, id: FieldId) -> bool {
    let list = &resource.list;
    list.filter.contains(&Filter::Column(Column::Field(id)))
        || list.sort.contains(&Column::Field(id))
        || list.search.contains(&id)
}

/// One test for all fields with the same condition, in the order of their first field.
fn rules(rules: impl Iterator<Item = (Expr, String)>) -> Vec<FieldRuleView> {
    let mut views: Vec<FieldRuleView> = Vec::new();
    for (refused, name) in rules {
        let field = Expr::string(&name);
        match views.iter_mut().find(|view| view.refused == refused) {
            Some(view) => view.fields.push(field),
            None => views.push(FieldRuleView { refused, fields: vec![field] }),
        }
    }
    views
}

/// The condition of the owner's rows, on the model class.
#[must_use]
pub fn owner_condition(resource: &Resource) -> Expr {
    let attribute = match resource.owner {
        Some(Owner::Reference(field)) => column_attribute(resource, Column::Field(field)),
        Some(Owner::SelfRow) | None => "id".to_owned(),
    };
    Expr::code(format!("{}.{attribute} == bindparam(\"principal_id\")", resource.names.class))
}
