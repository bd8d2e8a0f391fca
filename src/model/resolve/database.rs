//! What one of the listed databases cannot do, or does differently.

use sha2::{Digest, Sha256};

use super::field::{Fields, word_of};
use super::key::Placed;
use super::rule::database_name;
use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{
    Column, Database, Deletion, EnumType, FieldId, FieldKind, FieldType, Index, IndexMethod, KeyType, ListType, Nulls,
    Rule, Scalar, TextRules, Unique,
};
use crate::source::Span;

/// Bytes of one character of utf8mb4.
const CHARACTER: u64 = 4;
/// Bytes of all columns of an index on MySQL.
const INDEX_BYTES: u64 = 768 * CHARACTER;
/// Bytes of a row on MySQL.
const ROW_BYTES: u64 = 65_535;
/// Digits that an 8-byte float keeps.
const FLOAT_DIGITS: u8 = 15;
/// Bytes that PostgreSQL keeps of a name.
const NAME_BYTES: usize = 63;
/// What a name that is too long keeps; `_` and eight hex digits follow.
const NAME_KEPT: usize = 54;

/// The constraints of a resource.
pub(super) struct Constraints<'a> {
    pub uniques: &'a [Placed<Unique>],
    pub indexes: &'a [Placed<Index>],
    pub rules: &'a [Placed<Rule>],
}

/// Checks a resource against the listed databases.
pub(super) fn check(
    scope: &Scope<'_>,
    draft: &Draft<'_>,
    fields: &Fields,
    constraints: &Constraints<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut checker = Checker { scope, draft, fields, diagnostics };
    checker.check_fields();
    for unique in constraints.uniques {
        checker.check_unique(unique);
    }
    for index in constraints.indexes {
        checker.check_index(index);
    }
    if scope.runs_on(Database::Mysql) {
        checker.check_key();
        checker.check_row();
    }
    checker.check_names(constraints);
}

struct Checker<'c, 'a> {
    scope: &'c Scope<'a>,
    draft: &'c Draft<'a>,
    fields: &'c Fields,
    diagnostics: &'c mut Diagnostics,
}

impl Checker<'_, '_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn scalars(&self) -> Vec<(FieldId, &Scalar)> {
        let fields = self.fields.list.iter().enumerate();
        let scalars = fields.filter_map(|(position, field)| match &field.kind {
            FieldKind::Scalar(scalar) => Some((FieldId(position), scalar)),
            FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
        });
        scalars.filter(|(id, _)| !self.fields.broken.contains(id)).collect()
    }

    fn check_fields(&mut self) {
        let mut found = Vec::new();
        for (id, scalar) in self.scalars() {
            let spec = self.draft.field(id);
            let name = &spec.name.value;
            if let FieldType::Decimal { precision, .. } = scalar.ty
                && precision > FLOAT_DIGITS
                && self.scope.runs_on(Database::Sqlite)
            {
                let message = format!(
                    "SQLite stores decimals as 8-byte floats: `{name}` keeps only {FLOAT_DIGITS} of its {precision} digits there"
                );
                found.push(Diagnostic::new(Code::W704, &spec.kind.span, message));
            }
            let others: Vec<Database> =
                self.scope.databases.iter().copied().filter(|database| *database != Database::Postgresql).collect();
            if let (true, Some(storage)) = (is_native(&scalar.ty), &spec.storage)
                && !others.is_empty()
            {
                let names: Vec<&str> = others.iter().map(|database| key_word(*database)).collect();
                let message = format!("`storage: native` on `{name}` only exists on PostgreSQL");
                let help = format!("drop it, or drop {} from `databases`", names.join(" and "));
                found.push(Diagnostic::new(Code::E711, &storage.span, message).help(help));
            }
        }
        for diagnostic in found {
            self.push(diagnostic);
        }
    }

    fn check_unique(&mut self, unique: &Placed<Unique>) {
        if !self.scope.runs_on(Database::Mysql) {
            return;
        }
        self.check_length(&unique.value.columns, &unique.span);
        for column in &unique.value.columns {
            let Column::Field(id) = *column else { continue };
            let name = &self.fields.list[id.0].name;
            match &self.fields.list[id.0].kind {
                FieldKind::Scalar(Scalar { ty: FieldType::String(rules), .. }) if !rules.trim => {
                    let message = format!("`{name}` is not trimmed, and MySQL ignores trailing spaces in a unique");
                    self.push(Diagnostic::new(Code::W707, &unique.span, message));
                }
                FieldKind::Reference(reference)
                    if unique.value.nulls == Nulls::Equal && reference.on_delete == Deletion::SetNull =>
                {
                    let message =
                        format!("`nulls: equal` over `{name}` is not safe on MySQL while a delete sets it to null");
                    let diagnostic = Diagnostic::new(Code::E705, &unique.span, message);
                    self.push(diagnostic.help("use `on_delete: restrict` or cascade"));
                }
                FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => {}
            }
        }
    }

    fn check_index(&mut self, index: &Placed<Index>) {
        let columns: Vec<Column> = index.value.columns.iter().map(|column| column.column).collect();
        let Some((method, only)) = only_on(index.value.method) else {
            if self.scope.runs_on(Database::Mysql) {
                self.check_length(&columns, &index.span);
            }
            return;
        };
        if self.scope.databases.iter().any(|database| *database != only) {
            let names: Vec<String> = columns.iter().map(|column| self.column_name(*column)).collect();
            let message =
                format!("the {method} index on `{}` exists on {} only", names.join(", "), database_name(only));
            self.push(Diagnostic::new(Code::I902, &index.span, message));
        }
    }

    /// Whether MySQL can index the columns.
    fn check_length(&mut self, columns: &[Column], span: &Span) {
        let mut total = 0;
        for column in columns {
            let Column::Field(id) = *column else {
                total += 8;
                continue;
            };
            let name = self.fields.list[id.0].name.clone();
            let Some(bytes) = self.bytes(id) else {
                let word = match &self.fields.list[id.0].kind {
                    FieldKind::Scalar(scalar) => word_of(&scalar.ty),
                    FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => "reference",
                };
                let message = format!("MySQL cannot index the {word} field `{name}`");
                let diagnostic = Diagnostic::new(Code::E701, span, message);
                self.push(diagnostic.help("use `string(n)` with n up to 768"));
                return;
            };
            if bytes > INDEX_BYTES {
                let message = format!(
                    "`{name}` is too long for a MySQL index ({} characters, the limit is 768)",
                    bytes / CHARACTER
                );
                let diagnostic = Diagnostic::new(Code::E702, span, message);
                self.push(diagnostic.help("shorten it or drop `unique`/`index`"));
                return;
            }
            total += bytes;
        }
        if total > INDEX_BYTES {
            let names: Vec<String> = columns.iter().map(|column| self.column_name(*column)).collect();
            let message = format!(
                "`{}` together are too long for a MySQL index ({total} bytes, the limit is {INDEX_BYTES})",
                names.join(", ")
            );
            self.push(Diagnostic::new(Code::E702, span, message).help("shorten one of them"));
        }
    }

    fn check_key(&mut self) {
        let KeyType::String(length) = self.draft.key.ty else { return };
        if u64::from(length) * CHARACTER > INDEX_BYTES {
            let span = self.draft.spec.id.kind.as_ref().map_or(&self.draft.spec.name.span, |kind| &kind.span);
            let message = format!("`id` is too long for a MySQL index ({length} characters, the limit is 768)");
            let diagnostic = Diagnostic::new(Code::E702, span, message);
            self.diagnostics.push(diagnostic.help("shorten it, or drop MySQL"));
        }
    }

    fn check_row(&mut self) {
        let bytes: u64 =
            64 + (0..self.fields.list.len()).map(|position| self.row_bytes(FieldId(position))).sum::<u64>();
        if bytes > ROW_BYTES {
            let message =
                format!("the row of `{}` may need {bytes} bytes, MySQL allows {ROW_BYTES}", self.draft.name());
            let diagnostic = Diagnostic::new(Code::E703, &self.draft.spec.name.span, message);
            self.push(diagnostic.help("turn long strings into `text`"));
        }
    }

    fn row_bytes(&self, id: FieldId) -> u64 {
        match &self.fields.list[id.0].kind {
            FieldKind::Many(_) => 0,
            FieldKind::Scalar(_) | FieldKind::Reference(_) | FieldKind::Polymorphic(_) => self.bytes(id).unwrap_or(12),
        }
    }

    /// Bytes of a column in an index on MySQL; nothing if it cannot be indexed there.
    fn bytes(&self, id: FieldId) -> Option<u64> {
        match &self.fields.list[id.0].kind {
            FieldKind::Scalar(scalar) => scalar_bytes(&scalar.ty),
            FieldKind::Reference(reference) => Some(key_bytes(self.scope.draft(reference.target).key.ty)),
            FieldKind::Polymorphic(polymorphic) => {
                let keys = polymorphic.targets.iter().map(|target| self.scope.draft(target.target).key.ty);
                Some(keys.map(key_bytes).sum())
            }
            FieldKind::Many(_) => None,
        }
    }

    fn column_name(&self, column: Column) -> String {
        match column {
            Column::Field(id) => match &self.fields.list[id.0].kind {
                FieldKind::Scalar(scalar) => scalar.column.clone(),
                FieldKind::Reference(reference) => reference.column.clone(),
                FieldKind::Polymorphic(_) | FieldKind::Many(_) => self.fields.list[id.0].name.snake().to_owned(),
            },
            Column::Id => self.draft.key.column.clone(),
            Column::CreatedAt => "created_at".to_owned(),
            Column::UpdatedAt => "updated_at".to_owned(),
            Column::DeletedAt => "deleted_at".to_owned(),
            Column::Version => "version".to_owned(),
        }
    }

    fn check_names(&mut self, constraints: &Constraints<'_>) {
        let table = &self.draft.names.table;
        let naming = &self.scope.spec.project.naming;
        let fill = |given: &Option<crate::source::Spanned<String>>, default: &str, columns: &str| {
            let template = given.as_ref().map_or(default, |given| given.value.as_str());
            template.replace("{table}", table).replace("{columns}", columns)
        };
        let columns_of =
            |columns: &[Column]| columns.iter().map(|column| self.column_name(*column)).collect::<Vec<_>>().join("_");
        let mut names: Vec<(String, Span)> = Vec::new();
        for unique in constraints.uniques {
            let derived = || fill(&naming.unique, "uq_{table}_{columns}", &columns_of(&unique.value.columns));
            names.push((unique.value.name.clone().unwrap_or_else(derived), unique.span.clone()));
        }
        for index in constraints.indexes {
            let columns: Vec<Column> = index.value.columns.iter().map(|column| column.column).collect();
            let derived = || fill(&naming.index, "ix_{table}_{columns}", &columns_of(&columns));
            names.push((index.value.name.clone().unwrap_or_else(derived), index.span.clone()));
        }
        for rule in constraints.rules.iter().filter(|rule| !rule.value.checked_by.is_empty()) {
            let columns: Vec<Column> = rule.value.fields.iter().map(|id| Column::Field(*id)).collect();
            let columns = rule.value.name.clone().unwrap_or_else(|| columns_of(&columns));
            let name = fill(&naming.check, "ck_{table}_{columns}", &columns);
            names.push((format!("{name}_000000"), rule.span.clone()));
        }
        for (name, span) in names {
            self.check_name(&name, &span);
        }
    }

    fn check_name(&mut self, name: &str, span: &Span) {
        if name.len() <= NAME_BYTES {
            return;
        }
        let kept = name.get(..NAME_KEPT).unwrap_or(name);
        let (shown, short) = match name.strip_suffix("_000000") {
            Some(stem) => (format!("{stem}_…"), format!("{kept}_…")),
            None => (name.to_owned(), format!("{kept}_{}", short_hash(name))),
        };
        let message = format!("`{shown}` is longer than {NAME_BYTES} characters and is shortened to `{short}`");
        let diagnostic = Diagnostic::new(Code::W803, span, message);
        self.push(diagnostic.help("set `name:` to choose the name"));
    }
}

fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    format!("{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3])
}

fn is_native(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Enum(EnumType { native: true, .. }) | FieldType::List(ListType { native: true, .. }))
}

/// The word of the method, and the only database that has it.
fn only_on(method: IndexMethod) -> Option<(&'static str, Database)> {
    match method {
        IndexMethod::Btree => None,
        IndexMethod::Hash => Some(("hash", Database::Postgresql)),
        IndexMethod::Gin => Some(("gin", Database::Postgresql)),
        IndexMethod::Gist => Some(("gist", Database::Postgresql)),
        IndexMethod::Brin => Some(("brin", Database::Postgresql)),
        IndexMethod::Trigram => Some(("trigram", Database::Postgresql)),
        IndexMethod::Fulltext => Some(("fulltext", Database::Mysql)),
    }
}

fn key_word(database: Database) -> &'static str {
    match database {
        Database::Postgresql => "postgresql",
        Database::Mysql => "mysql",
        Database::Sqlite => "sqlite",
    }
}

fn key_bytes(key: KeyType) -> u64 {
    match key {
        KeyType::Int => 4,
        KeyType::Bigint => 8,
        KeyType::Uuid | KeyType::Uuid4 => 32 * CHARACTER,
        KeyType::String(length) => u64::from(length) * CHARACTER,
    }
}

/// Bytes of a value in an index on MySQL; nothing for what is kept outside the row.
fn scalar_bytes(ty: &FieldType) -> Option<u64> {
    let characters = match ty {
        FieldType::String(TextRules { lengths, .. }) => u64::from(lengths.max),
        FieldType::Email => 254,
        FieldType::Url => 2048,
        FieldType::Slug { .. } => 160,
        FieldType::Phone => 16,
        FieldType::Ip => 45,
        FieldType::Timezone => 64,
        FieldType::Locale => 35,
        FieldType::Country => 2,
        FieldType::Currency => 3,
        FieldType::Color => 7,
        FieldType::Password(_) => 255,
        FieldType::Uuid => 32,
        FieldType::Enum(kind) => kind.values.iter().map(|value| value.value.len() as u64).max().unwrap_or(0).max(32),
        FieldType::Bool
        | FieldType::Integer { .. }
        | FieldType::Float { .. }
        | FieldType::Date { .. }
        | FieldType::Time { .. }
        | FieldType::Datetime { .. }
        | FieldType::LocalDatetime { .. }
        | FieldType::Duration { .. } => return Some(8),
        FieldType::Decimal { .. } | FieldType::Money { .. } => return Some(18),
        FieldType::Bytes { max: Some(max), .. } if *max <= 16_000 => return Some(u64::from(*max)),
        FieldType::Text(_)
        | FieldType::Json(_)
        | FieldType::Object(_)
        | FieldType::List(_)
        | FieldType::Bytes { .. } => return None,
    };
    Some(characters * CHARACTER)
}
