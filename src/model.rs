//! What a spec means. Every reference is resolved, every default is written out, and no error about the spec is possible
//! later. Knows neither Python nor SQL text.

mod api;
mod auth;
mod calendar;
mod currency;
mod evaluate;
mod exact;
mod example;
mod field;
mod field_type;
pub mod inflection;
mod literal;
mod name;
mod permission;
mod project;
mod query;
mod resolve;
mod resource;
mod rule;
mod value;
pub mod variant;

pub use api::{Api, BigintJson, DecimalJson, JsonCase, Rate, RateUnit};
pub use auth::{Auth, Registration, Role};
pub use evaluate::Known;
pub use example::ExampleRow;
pub use field::{
    Access, Column, Deletion, Field, FieldKind, Include, Inverse, Many, OrderKey, Polymorphic, PolymorphicTarget,
    Presence, Reference, Scalar,
};
pub use field_type::{
    Bounds, Currency, Default as FieldDefault, EnumType, EnumValue, FieldType, IntSize, JsonShape, KeyType, Lengths,
    Limit, ListType, Number, ObjectType, TextCase, TextRules, Value,
};
pub use name::Name;
pub use permission::{Alternative, Permission};
pub use project::{Database, Feature, Naming, OwnershipRule, Project, PythonVersion};
pub use query::InverseOf;
pub use resolve::{Pins, resolve};
pub use resource::{
    Action, Filter, Hook, Index, IndexColumn, IndexMethod, Key, KeySource, List, Nulls, Operation, Owner, Page,
    Resource, ResourceNames, Unique, Versioning,
};
pub use rule::{Comparison, Expression, Function, Rule, RuleMoment, RuleType};

/// A whole spec, resolved.
#[derive(Debug, Clone)]
pub struct Model {
    /// Settings of the project.
    pub project: Project,
    /// All resources in the order of their names; [`ResourceId`] is the position in this list.
    pub resources: Vec<Resource>,
}

/// A resource of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct ResourceId(pub usize);

/// A field of a resource: its position in [`Resource::fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct FieldId(pub usize);

impl Model {
    /// The resource of that id.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0]
    }

    /// The field `field` of `resource`.
    #[must_use]
    pub fn field(&self, resource: ResourceId, field: FieldId) -> &Field {
        &self.resources[resource.0].fields[field.0]
    }
}
