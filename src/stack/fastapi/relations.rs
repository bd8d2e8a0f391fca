//! The relations of a resource as its model sees them: its own references, and the lists that others hold of it.

use crate::model::{
    Deletion, Field, FieldId, FieldKind, Include, Inverse, Many, Model, OrderKey, Presence, Resource, ResourceId,
};

/// One relation attribute of a model.
#[derive(Debug, Clone)]
pub struct Relation<'a> {
    /// Attribute on the model: `author`, `comments`.
    pub attribute: &'a str,
    /// Name in JSON and in `include`.
    pub json: &'a str,
    /// The resource at the other end.
    pub target: ResourceId,
    /// How the two are tied.
    pub tie: Tie<'a>,
    /// The attribute at the other end that is the same relation.
    pub back: Option<&'a str>,
    /// When the rows are part of a response.
    pub include: Include,
    /// Order of the rows; empty for one row and for the order of the ids.
    pub order: &'a [OrderKey],
}

/// How two resources are tied.
#[derive(Debug, Clone)]
pub enum Tie<'a> {
    /// A column of this resource refers to one row of the other.
    ToOne {
        /// The referring column.
        column: &'a str,
        /// Whether it may be null.
        nullable: bool,
    },
    /// A column of the other resource refers to a row of this one.
    Inverse {
        /// The referring column of the other resource.
        column: &'a str,
        /// Whether at most one row refers here.
        one: bool,
        /// What a delete of this row does to the others.
        on_delete: Deletion,
    },
    /// Through a join table.
    Many {
        /// The field that declares the table.
        many: &'a Many,
        /// Which side of it this resource is.
        side: Side,
    },
}

/// A side of a join table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The resource that declares it.
    Own,
    /// The resource that it leads to.
    Target,
}

/// All relations of a resource: own ones in the order of the fields, then those of others by resource and field.
#[must_use]
pub fn relations<'a>(model: &'a Model, resource: &'a Resource) -> Vec<Relation<'a>> {
    let own = resource.fields.iter().flat_map(own_relations);
    let inverse = model.resources.iter().flat_map(|source| {
        source.fields_with_ids().flat_map(|(id, field)| inverse_relations(source, id, field, resource.id))
    });
    own.chain(inverse).collect()
}

fn own_relations(field: &Field) -> Vec<Relation<'_>> {
    match &field.kind {
        FieldKind::Scalar(_) => Vec::new(),
        FieldKind::Reference(reference) => vec![Relation {
            attribute: &reference.object,
            json: &reference.object_json,
            target: reference.target,
            tie: Tie::ToOne { column: &reference.column, nullable: nullable(&field.presence) },
            back: name(reference.inverse.as_ref()),
            include: reference.include,
            order: &[],
        }],
        FieldKind::Polymorphic(polymorphic) => polymorphic
            .targets
            .iter()
            .map(|target| Relation {
                attribute: &target.object,
                json: &target.object,
                target: target.target,
                tie: Tie::ToOne { column: &target.column, nullable: true },
                back: name(target.inverse.as_ref()),
                include: Include::Never,
                order: &[],
            })
            .collect(),
        FieldKind::Many(many) => vec![Relation {
            attribute: &many.object,
            json: &many.object_json,
            target: many.target,
            tie: Tie::Many { many, side: Side::Own },
            back: name(many.inverse.as_ref()),
            include: many.include,
            order: &many.order,
        }],
    }
}

/// The relations that a field of `source` gives to the resource `target`.
fn inverse_relations<'a>(source: &'a Resource, _: FieldId, field: &'a Field, target: ResourceId) -> Vec<Relation<'a>> {
    match &field.kind {
        FieldKind::Reference(reference) if reference.target == target => {
            let tie =
                Tie::Inverse { column: &reference.column, one: reference.one_to_one, on_delete: reference.on_delete };
            inverse(source, reference.inverse.as_ref(), &reference.object, tie).into_iter().collect()
        }
        FieldKind::Polymorphic(polymorphic) => polymorphic
            .targets
            .iter()
            .filter(|candidate| candidate.target == target)
            .filter_map(|candidate| {
                let tie = Tie::Inverse { column: &candidate.column, one: false, on_delete: polymorphic.on_delete };
                inverse(source, candidate.inverse.as_ref(), &candidate.object, tie)
            })
            .collect(),
        FieldKind::Many(many) if many.target == target => {
            let tie = Tie::Many { many, side: Side::Target };
            inverse(source, many.inverse.as_ref(), &many.object, tie).into_iter().collect()
        }
        FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Many(_) => Vec::new(),
    }
}

fn inverse<'a>(
    source: &'a Resource,
    inverse: Option<&'a Inverse>,
    back: &'a str,
    tie: Tie<'a>,
) -> Option<Relation<'a>> {
    inverse.map(|inverse| Relation {
        attribute: &inverse.name,
        json: &inverse.json,
        target: source.id,
        tie,
        back: Some(back),
        include: inverse.include,
        order: &inverse.order,
    })
}

fn name(inverse: Option<&Inverse>) -> Option<&str> {
    inverse.map(|inverse| inverse.name.as_str())
}

fn nullable(presence: &Presence) -> bool {
    presence.nullable
}

impl Relation<'_> {
    /// Whether it holds at most one row.
    #[must_use]
    pub fn is_to_one(&self) -> bool {
        match self.tie {
            Tie::ToOne { .. } => true,
            Tie::Inverse { one, .. } => one,
            Tie::Many { .. } => false,
        }
    }
}
