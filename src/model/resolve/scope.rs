//! What the steps of the resolution share: the spec with mixins and named types written out, and the names of all
//! resources.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Database, FieldId, Key, Pins, ResourceId, ResourceNames, Versioning};
use crate::source::{Span, Spanned};
use crate::spec::Spec;
use crate::spec::field::{FieldSpec, Target};
use crate::spec::project::AuthSpec;
use crate::spec::resource::{Hook, ResourceSpec};
use crate::spec::rule::RuleSpec;
use crate::spec::suggest::nearest;

/// The spec under resolution.
pub(super) struct Scope<'a> {
    pub spec: &'a Spec,
    pub pins: &'a Pins,
    pub databases: Vec<Database>,
    pub drafts: Vec<Draft<'a>>,
    pub ids: BTreeMap<&'a str, ResourceId>,
}

/// A resource with its mixins and named types written out.
pub(super) struct Draft<'a> {
    pub id: ResourceId,
    pub spec: &'a ResourceSpec,
    pub names: ResourceNames,
    pub key: Key,
    pub created_at: bool,
    pub updated_at: bool,
    pub soft_delete: bool,
    pub versioning: Versioning,
    /// [`FieldId`] is the position.
    pub fields: Vec<FieldSpec>,
    pub rules: Vec<RuleSpec>,
    /// Fields that could not be read; nothing is said about what follows from their absence.
    pub broken: BTreeSet<String>,
}

impl<'a> Scope<'a> {
    /// The draft of a resource.
    pub fn draft(&self, id: ResourceId) -> &Draft<'a> {
        &self.drafts[id.0]
    }

    /// `auth:` of the project.
    pub fn auth(&self) -> Option<&'a AuthSpec> {
        self.spec.project.auth.as_ref()
    }

    /// Whether `auth:` is there, or was and could not be read.
    pub fn may_have_auth(&self) -> bool {
        self.auth().is_some() || self.spec.project.broken.contains("auth")
    }

    /// The resource of the people who log in.
    pub fn user(&self) -> Option<ResourceId> {
        self.ids.get(self.auth()?.user.value.as_str()).copied()
    }

    /// Whether the project must run on that database.
    pub fn runs_on(&self, database: Database) -> bool {
        self.databases.contains(&database)
    }

    /// The resource that a target means, seen from `from`.
    pub fn target(&self, from: ResourceId, target: &Target) -> Option<ResourceId> {
        match target {
            Target::Itself => Some(from),
            Target::Resource(name) => self.ids.get(name.as_str()).copied(),
        }
    }

    /// Says that a resource does not exist.
    pub fn unknown_resource(&self, subject: &str, name: &Spanned<String>) -> Diagnostic {
        let diagnostic = Diagnostic::new(
            Code::E301,
            &name.span,
            format!("{subject} refers to the unknown resource `{}`", name.value),
        )
        .label(format!("no file resources/{}.yaml", name.value));
        suggest(diagnostic, &name.value, self.ids.keys().copied())
    }

    /// Says that `auth:` is missing, unless it is there and broken.
    pub fn needs_auth(&self, what: &str, span: &Span, diagnostics: &mut Diagnostics) {
        if !self.may_have_auth() {
            let message = format!("{what} needs an `auth:` section in backendgen.yaml");
            diagnostics.push(Diagnostic::new(Code::E501, span, message));
        }
    }
}

impl Draft<'_> {
    /// The file name of the resource.
    pub fn name(&self) -> &str {
        &self.spec.name.value
    }

    /// The field of that name.
    pub fn find(&self, name: &str) -> Option<FieldId> {
        self.fields.iter().position(|field| field.name.value == name).map(FieldId)
    }

    /// The spec of a field.
    pub fn field(&self, id: FieldId) -> &FieldSpec {
        &self.fields[id.0]
    }

    /// Whether a hook of the user runs at that moment.
    pub fn has_hook(&self, hook: Hook) -> bool {
        self.spec.hooks.iter().any(|known| known.value == hook)
    }

    /// The singular in words, for messages.
    pub fn singular_words(&self) -> String {
        self.names.singular.words()
    }

    /// Says that a name is no field, unless the field is there and broken.
    pub fn unknown_field(&self, name: &str, span: &Span, diagnostics: &mut Diagnostics) {
        if self.broken.contains(name) {
            return;
        }
        let diagnostic = Diagnostic::new(Code::E401, span, format!("`{name}` is not a field of {}", self.name()));
        if let Some(reference) = name.strip_suffix("_id").filter(|stem| self.find(stem).is_some()) {
            diagnostics.push(diagnostic.help(format!("name the reference itself: `{reference}`")));
            return;
        }
        let known = self.fields.iter().map(|field| field.name.value.as_str()).chain(["id", "created_at", "updated_at"]);
        diagnostics.push(suggest(diagnostic, name, known));
    }

    /// Names of the columns that backendgen adds to the table.
    pub fn generated_columns(&self) -> Vec<&'static str> {
        let columns = [
            (true, "id"),
            (self.created_at, "created_at"),
            (self.updated_at, "updated_at"),
            (self.soft_delete, "deleted_at"),
            (self.versioning != Versioning::Off, "version"),
        ];
        columns.into_iter().filter(|(exists, _)| *exists).map(|(_, name)| name).collect()
    }
}

/// Adds "did you mean" if a name is near.
pub(super) fn suggest<'n>(diagnostic: Diagnostic, word: &str, known: impl IntoIterator<Item = &'n str>) -> Diagnostic {
    match nearest(word, known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}
