//! What is known about a resource before a test is written: who may do what, which values its rows and bodies have, and
//! whether they keep the rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Alternative, Column, Field, FieldDefault, FieldId, FieldKind, FieldType, Include, KeySource, Known, Model, Nulls,
    Operation, Owner, Permission, PolymorphicTarget, Resource, RuleMoment, Scalar, Value, Versioning, variant,
};

/// The values of scalar fields.
pub type Values = BTreeMap<FieldId, Value>;

/// What a permission gives to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Every row.
    Every,
    /// The own rows.
    Own,
    /// Nothing.
    None,
}

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Not logged in.
    Anonymous,
    /// Somebody of that role.
    Role(usize),
}

/// A resource and what follows from it.
pub struct Facts<'a> {
    /// The whole spec.
    pub model: &'a Model,
    /// The resource under test.
    pub resource: &'a Resource,
    /// The role of the caller of most tests; none without auth.
    pub role: Option<usize>,
    /// The scalars of a row; nullable ones are null.
    pub row: Values,
    /// The scalars that a create must send; none where no body can be made.
    pub required: Option<Values>,
    /// Scalars that differ from row to row.
    pub numbered: BTreeSet<FieldId>,
}

impl<'a> Facts<'a> {
    /// The facts of a resource.
    pub fn of(model: &'a Model, resource: &'a Resource) -> Self {
        let mut facts = Self {
            model,
            resource,
            role: None,
            row: Values::new(),
            required: None,
            numbered: numbered_fields(resource),
        };
        facts.role = facts.choose_role();
        facts.row = facts.row_values();
        facts.required = facts.required_values();
        facts
    }

    /// `post_caller`
    pub fn caller(&self) -> String {
        format!("{}_caller", self.resource.names.singular.snake())
    }

    /// `post_row`
    pub fn row_fixture(&self) -> String {
        format!("{}_row", self.resource.names.singular.snake())
    }

    /// Whether the resource is the one of the people who log in.
    pub fn is_user(&self) -> bool {
        self.model.project.auth.as_ref().is_some_and(|auth| auth.user == self.resource.id)
    }

    /// The value of a role.
    pub fn role_name(&self, role: usize) -> &str {
        &self.model.project.auth.as_ref().expect("roles exist with auth").roles[role].value
    }

    /// What a permission gives to somebody.
    pub fn grant(&self, permission: &Permission, who: Who) -> Grant {
        let Some(auth) = &self.model.project.auth else {
            return if permission.0 == [Alternative::Nobody] { Grant::None } else { Grant::Every };
        };
        if auth.superuser.is_some_and(|superuser| who == Who::Role(superuser)) {
            return Grant::Every;
        }
        let grants = permission.0.iter().map(|alternative| match (alternative, who) {
            (Alternative::Public, _) | (Alternative::Authenticated, Who::Role(_)) => Grant::Every,
            (Alternative::Role(wanted), Who::Role(role)) if *wanted == role => Grant::Every,
            (Alternative::Owner, Who::Role(_)) => Grant::Own,
            _ => Grant::None,
        });
        grants.fold(Grant::None, |best, grant| match (best, grant) {
            (Grant::Every, _) | (_, Grant::Every) => Grant::Every,
            (Grant::Own, _) | (_, Grant::Own) => Grant::Own,
            (Grant::None, Grant::None) => Grant::None,
        })
    }

    /// What an operation gives to somebody; nothing where it is off. `get` is asked for even without a route.
    pub fn grant_of(&self, operation: Operation, who: Who) -> Grant {
        self.resource.permissions.get(&operation).map_or(Grant::Every, |permission| self.grant(permission, who))
    }

    /// The caller of most tests.
    pub fn who(&self) -> Who {
        self.role.map_or(Who::Anonymous, Who::Role)
    }

    /// Whether the row of the fixture belongs to the caller.
    pub fn owns_row(&self) -> bool {
        self.model.project.auth.is_some() && self.resource.owner_reference().is_some()
    }

    /// Whether the row of the fixture is the caller itself.
    pub fn is_own_row(&self) -> bool {
        self.model.project.auth.is_some()
            && self.resource.owner == Some(Owner::SelfRow)
            && self.resource.operations.iter().any(|operation| self.grant_of(*operation, self.who()) == Grant::Own)
    }

    /// Whether the caller of most tests may call an operation that is on, on the row of the fixture.
    pub fn can(&self, operation: Operation) -> bool {
        let names_no_row = matches!(operation, Operation::List | Operation::Create);
        let sees = names_no_row || self.passes(self.grant_of(Operation::Get, self.who()));
        self.resource.does(operation) && sees && self.passes(self.grant_of(operation, self.who()))
    }

    fn passes(&self, grant: Grant) -> bool {
        match grant {
            Grant::Every => true,
            Grant::Own => self.owns_row() || self.resource.owner == Some(Owner::SelfRow),
            Grant::None => false,
        }
    }

    /// The first role that may do everything, also with every field; else the one that may do most.
    fn choose_role(&self) -> Option<usize> {
        let auth = self.model.project.auth.as_ref()?;
        let roles = 0..auth.roles.len();
        let failures = |role: &usize| {
            let operations = self.resource.operations.iter();
            let refused =
                operations.filter(|operation| !self.passes(self.grant_of(**operation, Who::Role(*role)))).count();
            let fields = self.resource.fields.iter().flat_map(|field| [&field.read, &field.write]).flatten();
            let hidden = fields.filter(|permission| self.grant(permission, Who::Role(*role)) != Grant::Every).count();
            let is_other_user = self.resource.owner == Some(Owner::SelfRow)
                && self.resource.operations.iter().any(|op| self.grant_of(*op, Who::Role(*role)) != Grant::Every);
            (refused, hidden, is_other_user)
        };
        roles.min_by_key(failures)
    }

    /// Whether the caller may write a field.
    pub fn may_write(&self, field: &Field) -> bool {
        field.write.as_ref().is_none_or(|permission| self.grant(permission, self.who()) == Grant::Every)
    }

    /// Whether the caller sees all rows of another resource.
    pub fn sees(&self, target: &Resource, who: Who) -> bool {
        target.permissions.get(&Operation::Get).is_none_or(|permission| self.grant(permission, who) == Grant::Every)
    }

    /// Scalars with their ids.
    pub fn scalars(&self) -> impl Iterator<Item = (FieldId, &'a Field, &'a Scalar)> + use<'a> {
        self.resource.fields_with_ids().filter_map(|(id, field)| match &field.kind {
            FieldKind::Scalar(scalar) => Some((id, field, scalar)),
            FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
        })
    }

    /// The scalar of that id.
    pub fn scalar(&self, id: FieldId) -> Option<&'a Scalar> {
        match &self.resource.field(id).kind {
            FieldKind::Scalar(scalar) => Some(scalar),
            FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
        }
    }

    /// Whether rows can be added at all.
    pub fn has_rows(&self) -> bool {
        self.keeps_rules(&self.row_known(&Values::new()), None)
    }

    fn row_values(&self) -> Values {
        let mut row = Values::new();
        for (id, field, scalar) in self.scalars() {
            if field.presence.nullable {
                continue;
            }
            let default = match (&field.presence.default, &scalar.ty) {
                (FieldDefault::Constant(value), _) => Some(value.clone()),
                _ => None,
            };
            row.extend(default.or_else(|| self.model.example(self.resource.id, id)).map(|value| (id, value)));
        }
        row
    }

    fn required_values(&self) -> Option<Values> {
        if !self.can(Operation::Create) {
            return None;
        }
        let mut required = Values::new();
        for (id, field) in self.resource.fields_with_ids().filter(|(_, field)| field.presence.required) {
            if !self.may_write(field) {
                return None;
            }
            match &field.kind {
                FieldKind::Scalar(_) => {
                    required.insert(id, self.model.accepted_example(self.resource.id, id)?);
                }
                FieldKind::Reference(reference) if reference.is_owner => {}
                FieldKind::Reference(reference) => {
                    if !self.sees(self.model.resource(reference.target), self.who()) {
                        return None;
                    }
                }
                FieldKind::Polymorphic(polymorphic) => {
                    self.visible_target(&polymorphic.targets)?;
                }
                FieldKind::Many(_) => {}
            }
        }
        self.keeps_rules(&self.created(&required), Some(RuleMoment::Create)).then_some(required)
    }

    /// The first target of a polymorphic reference that the caller sees.
    pub fn visible_target(&self, targets: &'a [PolymorphicTarget]) -> Option<&'a PolymorphicTarget> {
        targets.iter().find(|target| self.sees(self.model.resource(target.target), self.who()))
    }

    /// What a row holds with some values changed.
    pub fn row_known(&self, changes: &Values) -> BTreeMap<FieldId, Known> {
        let mut known = BTreeMap::new();
        for (id, field) in self.resource.fields_with_ids() {
            let value = changes.get(&id).or_else(|| self.row.get(&id));
            let value = match (value, &field.kind) {
                (Some(Value::Null), _) => Known::Null,
                (Some(value), _) => Known::Value(value.clone()),
                (None, FieldKind::Many(_)) => Known::Something,
                (None, _) if field.presence.nullable => Known::Null,
                (None, _) => Known::Something,
            };
            known.insert(id, value);
        }
        known
    }

    /// What a create stores that sends these scalars and the required references.
    pub fn created(&self, sent: &Values) -> BTreeMap<FieldId, Known> {
        let mut known = BTreeMap::new();
        for (id, field) in self.resource.fields_with_ids() {
            let value = match (sent.get(&id), &field.presence.default) {
                (Some(Value::Null), _) | (None, FieldDefault::Constant(Value::Null)) => Known::Null,
                (Some(value), _) | (None, FieldDefault::Constant(value)) => Known::Value(value.clone()),
                (None, FieldDefault::None) if field.presence.nullable && !field.presence.required => Known::Null,
                (None, _) => Known::Something,
            };
            known.insert(id, value);
        }
        known
    }

    /// Whether no rule of that moment is false; every rule where no moment is given.
    pub fn keeps_rules(&self, row: &BTreeMap<FieldId, Known>, moment: Option<RuleMoment>) -> bool {
        self.resource
            .rules
            .iter()
            .filter(|rule| moment.is_none_or(|moment| rule.moment == RuleMoment::Always || rule.moment == moment))
            .all(|rule| !variant::is_broken(&rule.expression, row))
    }

    /// As many of the candidates as keep the rules together.
    pub fn together(candidates: Vec<(FieldId, Value)>, keeps: impl Fn(&Values) -> bool) -> Values {
        let mut chosen = Values::new();
        let mut waiting = candidates;
        loop {
            let before = waiting.len();
            waiting.retain(|(id, value)| {
                let mut tried = chosen.clone();
                tried.insert(*id, value.clone());
                let fits = keeps(&tried);
                if fits {
                    chosen = tried;
                }
                !fits
            });
            if waiting.len() == before || waiting.is_empty() {
                return chosen;
            }
        }
    }

    /// Changes of the fields that an update accepts and an answer shows.
    pub fn changes(&self) -> Values {
        let candidates = self.scalars().filter(|(_, field, scalar)| {
            let is_shown = field.access.in_responses() && !matches!(scalar.ty, FieldType::Password(_));
            field.access.in_update() && is_shown && self.may_write(field)
        });
        let candidates = candidates.filter_map(|(id, field, _)| {
            let variants = self.model.variants(self.resource.id, id);
            let current = self.row.get(&id);
            let example = self.model.accepted_example(self.resource.id, id).filter(|_| field.presence.nullable);
            let value = variants.into_iter().chain(example).find(|value| Some(value) != current)?;
            Some((id, value))
        });
        Self::together(candidates.collect(), |changes| {
            self.keeps_rules(&self.row_known(changes), Some(RuleMoment::Update))
                && self.keeps_rules(&self.row_known(changes), Some(RuleMoment::Always))
        })
    }

    /// One change that everybody who may update may make.
    pub fn plain_change(&self) -> Option<(FieldId, Value)> {
        let moments = [Some(RuleMoment::Update)];
        self.changes().into_iter().find(|(id, value)| {
            let row = self.row_known(&Values::from([(*id, value.clone())]));
            self.resource.field(*id).write.is_none() && moments.iter().all(|moment| self.keeps_rules(&row, *moment))
        })
    }

    /// Headers of a write to a row of that version, where they are demanded.
    pub fn if_match(&self, version: u32) -> String {
        match self.resource.versioning {
            Versioning::Required => format!(", headers={{\"If-Match\": '\"{version}\"'}}"),
            Versioning::Off | Versioning::Optional => String::new(),
        }
    }

    /// Whether the client chooses the id.
    pub fn has_client_key(&self) -> bool {
        self.resource.key.source == KeySource::Client
    }

    /// The references that a row cannot be without: attribute of the column and target.
    pub fn row_references(&self) -> Vec<(String, &'a Resource)> {
        let mut references = Vec::new();
        for (id, field) in self.resource.fields_with_ids() {
            match &field.kind {
                FieldKind::Reference(reference)
                    if !field.presence.nullable || reference.is_owner || self.is_needed_by_a_unique(id) =>
                {
                    references.push((field.attribute.clone(), self.model.resource(reference.target)));
                }
                FieldKind::Polymorphic(polymorphic) if !field.presence.nullable => {
                    let target = self.visible_target(&polymorphic.targets).unwrap_or(&polymorphic.targets[0]);
                    references.push((target.column.clone(), self.model.resource(target.target)));
                }
                FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => {}
            }
        }
        references
    }

    /// Whether rows would collide on nulls without the reference.
    fn is_needed_by_a_unique(&self, id: FieldId) -> bool {
        self.resource.uniques.iter().any(|unique| {
            unique.nulls == Nulls::Equal
                && unique.columns.contains(&Column::Field(id))
                && !unique.columns.iter().any(|column| self.is_numbered(*column))
        })
    }

    /// Whether a column differs from row to row.
    pub fn is_numbered(&self, column: Column) -> bool {
        matches!(column, Column::Field(id) if self.numbered.contains(&id))
    }

    /// Whether adding a row of `other` adds rows of this resource.
    pub fn is_behind(&self, other: &Resource) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![other.id];
        while let Some(id) = waiting.pop() {
            if id == self.resource.id {
                return true;
            }
            if seen.insert(id) {
                let facts = Facts::of(self.model, self.model.resource(id));
                waiting.extend(facts.row_references().into_iter().map(|(_, target)| target.id));
            }
        }
        false
    }

    /// The keys of an answer.
    pub fn answer_keys(&self) -> Vec<String> {
        use super::super::schema::{cased, included};
        let mut keys = vec!["id".to_owned()];
        let is_password =
            |field: &Field| matches!(&field.kind, FieldKind::Scalar(s) if matches!(s.ty, FieldType::Password(_)));
        let shown = self.resource.fields.iter().filter(|field| field.access.in_responses() && !is_password(field));
        keys.extend(shown.map(|field| field.json.clone()));
        let generated = [
            ("created_at", self.resource.created_at),
            ("updated_at", self.resource.updated_at),
            ("version", self.resource.versioning != Versioning::Off),
        ];
        keys.extend(generated.iter().filter(|(_, exists)| *exists).map(|(name, _)| cased(self.model, name)));
        let always = included(self.model, self.resource).into_iter().filter(|r| r.include == Include::Always);
        keys.extend(always.map(|relation| relation.json.to_owned()));
        keys
    }
}

/// The scalars that make rows differ where a unique demands it: one for each unique.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a scalar can be numbered")]
fn numbered_fields(resource: &Resource) -> BTreeSet<FieldId> {
    let mut numbered = BTreeSet::new();
    for unique in &resource.uniques {
        let scalars = unique.columns.iter().filter_map(|column| match column {
            Column::Field(id) if matches!(resource.field(*id).kind, FieldKind::Scalar(_)) => Some(*id),
            _ => None,
        });
        let scalars: Vec<_> = scalars.collect();
        let is_stored = |id: &&FieldId| !resource.field(**id).presence.nullable;
        if scalars.iter().any(|id| numbered.contains(id)) {
            continue;
        }
        numbered.extend(scalars.iter().rev().find(is_stored));
    }
    numbered
}
