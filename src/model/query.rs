//! Questions that views ask the model.

use std::collections::BTreeSet;

use super::example::{self, ExampleRow};
use super::{
    Alternative, EnumType, Field, FieldId, FieldKind, FieldType, Inverse, Model, Permission, ResourceId, Value,
};

/// The other side of a relation, seen from the resource that it leads to.
#[derive(Debug, Clone, Copy)]
pub struct InverseOf<'a> {
    /// The resource that declares the relation.
    pub source: ResourceId,
    /// The field that declares it.
    pub field: FieldId,
    /// Its name here.
    pub inverse: &'a Inverse,
}

impl Model {
    /// The other sides that relations give to a resource, in the order of their sources and fields.
    #[must_use]
    pub fn inverses(&self, resource: ResourceId) -> Vec<InverseOf<'_>> {
        let mut found = Vec::new();
        for source in &self.resources {
            for (field, declared) in source.fields_with_ids() {
                let here = targets(declared).into_iter().filter(|(target, _)| *target == resource);
                let inverses = here.filter_map(|(_, inverse)| inverse);
                found.extend(inverses.map(|inverse| InverseOf { source: source.id, field, inverse }));
            }
        }
        found
    }

    /// The values of an example row: scalars that a client sends; references are made by the fixture that uses the row.
    #[must_use]
    pub fn example_row(&self, resource: ResourceId, which: ExampleRow) -> Vec<(FieldId, Value)> {
        example::row(&self.resource(resource).fields, which)
    }

    /// The example value of a scalar field.
    #[must_use]
    pub fn example(&self, resource: ResourceId, field: FieldId) -> Option<Value> {
        example::value(self.field(resource, field), field.0)
    }

    /// All resources, each after those that its rows refer to; the reverse order deletes. In a cycle of references that
    /// can be null, these wait.
    #[must_use]
    pub fn insertion_order(&self) -> Vec<ResourceId> {
        let mut order = Vec::new();
        let mut waiting: BTreeSet<ResourceId> = self.resources.iter().map(|resource| resource.id).collect();
        while let Some(next) = self.next_to_insert(&waiting) {
            waiting.remove(&next);
            order.push(next);
        }
        order
    }

    fn next_to_insert(&self, waiting: &BTreeSet<ResourceId>) -> Option<ResourceId> {
        let is_free = |id: ResourceId, is_blocking: fn(&Field) -> bool| {
            let blocking = self.resource(id).fields.iter().filter(|field| is_blocking(field));
            blocking.flat_map(targets).all(|(target, _)| target == id || !waiting.contains(&target))
        };
        let is_reference = |field: &Field| !matches!(field.kind, FieldKind::Many(_));
        let is_required = |field: &Field| !matches!(field.kind, FieldKind::Many(_)) && !field.presence.nullable;
        let free = waiting.iter().copied().find(|id| is_free(*id, is_reference));
        let free = free.or_else(|| waiting.iter().copied().find(|id| is_free(*id, is_required)));
        free.or_else(|| waiting.first().copied())
    }

    /// All enums that fields declare, with the field; the enum of the roles is not among them.
    #[must_use]
    pub fn enums(&self) -> Vec<(ResourceId, FieldId, &EnumType)> {
        let mut enums = Vec::new();
        for resource in &self.resources {
            for (field, declared) in resource.fields_with_ids() {
                if let FieldKind::Scalar(scalar) = &declared.kind {
                    let found = enums_of(&scalar.ty).into_iter().map(|kind| (resource.id, field, kind));
                    enums.extend(found);
                }
            }
        }
        enums
    }

    /// A permission as the spec writes it: `owner | admin`.
    #[must_use]
    pub fn permission_text(&self, permission: &Permission) -> String {
        let word = |alternative: &Alternative| match alternative {
            Alternative::Public => "public",
            Alternative::Authenticated => "authenticated",
            Alternative::Owner => "owner",
            Alternative::Nobody => "nobody",
            Alternative::Role(position) => {
                let auth = self.project.auth.as_ref().expect("a role is only resolved with auth");
                &auth.roles[*position].value
            }
        };
        permission.0.iter().map(word).collect::<Vec<_>>().join(" | ")
    }
}

/// The resources that a field refers to, with the other sides.
fn targets(field: &Field) -> Vec<(ResourceId, Option<&Inverse>)> {
    match &field.kind {
        FieldKind::Scalar(_) => Vec::new(),
        FieldKind::Reference(reference) => vec![(reference.target, reference.inverse.as_ref())],
        FieldKind::Polymorphic(polymorphic) => {
            polymorphic.targets.iter().map(|target| (target.target, target.inverse.as_ref())).collect()
        }
        FieldKind::Many(many) => vec![(many.target, many.inverse.as_ref())],
    }
}

/// The enums within a type that are not the one of the roles.
fn enums_of(ty: &FieldType) -> Vec<&EnumType> {
    if let FieldType::Enum(kind) = ty {
        return if kind.is_role { Vec::new() } else { vec![kind] };
    }
    if let FieldType::List(list) = ty {
        return enums_of(&list.element);
    }
    let FieldType::Object(object) = ty else { return Vec::new() };
    let nested = object.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Scalar(scalar) => Some(enums_of(&scalar.ty)),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
    });
    nested.flatten().collect()
}
