//! The words of `test_<plural>_lists.py`: three rows, and what each query finds among them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::super::imports::{ImportBlock, Imports};
use super::super::python::Expr;
use super::super::schema::{cased, column_json, filter_names, included, is_owner, operators, sort_columns};
use super::facts::{Facts, Grant, Values, Who};
use super::sample::import_model;
use super::value;
use crate::model::{
    Column, Field, FieldId, FieldKind, FieldType, Filter, Include, Known, Operation, Page, Value, variant,
};

const NAMES: [&str; 3] = ["first", "second", "third"];
const DAYS: [&str; 3] = ["2025-01-15T09:00:00Z", "2025-01-16T09:00:00Z", "2025-01-15T09:00:00Z"];

/// `resource.tests.lists` in templates.
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word that templates ask for")]
pub struct ListsView {
    /// Import statements.
    pub imports: ImportBlock,
    /// `Posts`
    pub class: String,
    /// `posts`
    pub fixture: String,
    /// What the tuple holds.
    pub members: Vec<String>,
    /// The same as arguments.
    pub tuple: String,
    /// Parameters of the fixture.
    pub parameters: String,
    /// Statements that add the rows.
    pub statements: Vec<Expr>,
    /// Name of the client of the tests.
    pub reader: String,
    /// The fixture that makes it, where the file has its own; at most one.
    pub readers: Vec<ReaderView>,
    /// Query and what it finds.
    pub filters: Expr,
    /// Whether there is one.
    pub has_filters: bool,
    /// Query and the order of what it finds.
    pub orders: Expr,
    /// Words and what they find.
    pub searches: Expr,
    /// Whether there is a search.
    pub has_searches: bool,
    /// Query and the parameter that is refused.
    pub refused: Expr,
    /// Sorts to walk by, a list.
    pub sorts: Expr,
    /// Whether the list has pages that can be walked.
    pub is_paged: bool,
    /// Whether pages go by offset.
    pub has_offset: bool,
    /// Assertion on the total, at most one.
    pub totals: Vec<Expr>,
    /// The total of all rows.
    pub total: Expr,
    /// Sizes that are allowed, a list.
    pub limits: Expr,
    /// Default of the size.
    pub limit: u32,
    /// More arguments of a row.
    pub owner: String,
    /// The id of a row of the tuple.
    pub id: Expr,
    /// The id of a row of the table.
    pub row_id: Expr,
    /// Whether a page is one statement.
    pub is_one_statement: bool,
    /// Lists of other orders, to which a cursor does not belong.
    pub other_lists: Expr,
    /// Whether pages go by cursor.
    pub has_cursor: bool,
    /// JSON name of the next cursor.
    pub next_cursor: String,
}

/// The fixture of the client.
#[derive(Debug, Clone, Serialize)]
pub struct ReaderView {
    /// What it is.
    pub doc: String,
}

/// What a row holds in each scalar, where that is known.
type Row = BTreeMap<FieldId, Known>;

struct Lists<'a, 'b> {
    facts: &'b Facts<'a>,
    who: Who,
    rows: [Row; 3],
    /// What is set explicitly, by row.
    values: [Values; 3],
}

/// Whether the caller may list.
pub fn exists(facts: &Facts<'_>) -> bool {
    facts.can(Operation::List)
}

/// The words of the tests of the list.
#[expect(clippy::too_many_lines, reason = "one entry for each word of the view, and little else")]
pub fn view(facts: &Facts<'_>) -> ListsView {
    let lists = Lists::of(facts);
    let mut imports = Imports::new(&facts.model.project.package);
    let resource = facts.resource;
    let list = &resource.list;
    let (statements, members) = lists.statements(&mut imports);
    let filters = if exists(facts) { lists.filters(&members) } else { Vec::new() };
    let orders = if exists(facts) { lists.orders() } else { Vec::new() };
    let searches = lists.searches();
    let refused = lists.refused();
    let is_paged = list.page != Page::None && list.max_page_size >= 2;
    let sorts: Vec<_> =
        orders.iter().map(|(query, _)| query.clone()).filter(|query| !query.is_empty()).take(6).collect();
    let reader = lists.reader();
    let has_own_reader = reader == "reader";
    let counted = list.page == Page::Offset && list.count;
    let id = |row: &str| value::id_in_json(facts.model, resource.key.ty, row);
    let owner = if lists.owner_argument().is_empty() { String::new() } else { format!(", {}", lists.owner_argument()) };
    let total = if counted { "3" } else { "None" };
    let others: Vec<_> =
        orders.iter().skip(1).map(|(query, _)| query).filter(|query| **query != default_query(facts)).take(2).collect();
    let mut view = ListsView {
        imports: Imports::new("").block(),
        class: format!("{}Rows", resource.names.class),
        fixture: resource.names.list_variable.clone(),
        tuple: members.join(", "),
        members,
        parameters: if lists.owner_argument().is_empty() {
            "rows: Rows".to_owned()
        } else {
            format!("rows: Rows, {}: Caller", facts.caller())
        },
        statements,
        readers: if has_own_reader {
            vec![ReaderView { doc: "A caller who may read every field: the second row.".to_owned() }]
        } else {
            Vec::new()
        },
        reader,
        has_filters: !filters.is_empty(),
        filters: value::table(&found(&filters)),
        orders: value::table(&found(&orders)),
        has_searches: !searches.is_empty(),
        searches: value::table(&found(&searches)),
        refused: value::table(&refused),
        is_paged: is_paged && !sorts.is_empty(),
        sorts: Expr::code(format!(
            "[{}]",
            sorts.iter().map(|sort| Expr::string(sort).to_string()).collect::<Vec<_>>().join(", ")
        )),
        has_offset: list.page == Page::Offset,
        totals: counted.then(|| Expr::code("assert page[\"total\"] == len(found)")).into_iter().collect(),
        total: Expr::code(total),
        limits: Expr::code(format!("[1, {}]", list.max_page_size)),
        limit: list.page_size,
        id: id(&format!("getattr({}, name)[\"id\"]", resource.names.list_variable)),
        row_id: id("row[\"id\"]"),
        owner,
        is_one_statement: lists.who == Who::Anonymous
            && !included(facts.model, resource)
                .iter()
                .any(|relation| relation.include == Include::Always && !relation.is_to_one()),
        has_cursor: list.page == Page::Cursor && !others.is_empty() && list.max_page_size >= 2,
        other_lists: Expr::code(format!(
            "[{}]",
            others.iter().map(|sort| Expr::string(sort).to_string()).collect::<Vec<_>>().join(", ")
        )),
        next_cursor: cased(facts.model, "next_cursor"),
    };
    imports.add("typing", "NamedTuple");
    imports.add_module("pytest");
    import_model(&mut imports, resource);
    imports.add("tests.fixtures.application", "Caller");
    imports.add("tests.fixtures.assertions", "assert_invalid_parameter");
    if view.has_cursor {
        imports.add("tests.fixtures.assertions", "assert_problem");
    }
    imports.add("tests.fixtures.lists", "ids_of");
    if view.is_one_statement {
        imports.add("tests.fixtures.lists", "statements");
    }
    if view.is_paged {
        imports.add("tests.fixtures.lists", "walk");
    }
    if has_own_reader {
        imports.add("tests.fixtures.people", "Login");
    }
    imports.add_all("tests.fixtures.rows", ["Row", "Rows"]);
    imports.add(&format!("tests.samples.{}", resource.names.singular.python()), "PATH");
    view.imports = imports.block();
    view
}

fn default_query(facts: &Facts<'_>) -> String {
    let keys = facts.resource.list.default_sort.iter().map(|key| {
        format!("{}{}", if key.descending { "-" } else { "" }, column_json(facts.model, facts.resource, key.column))
    });
    format!("sort={}", keys.collect::<Vec<_>>().join(","))
}

/// Rows of a table: a query, and the names of what it finds.
fn found(rows: &[(String, Vec<usize>)]) -> Vec<Expr> {
    let rows = rows.iter().map(|(query, found)| {
        let names: Vec<_> = found.iter().map(|position| format!("\"{}\"", NAMES[*position])).collect();
        Expr::code(format!("({}, [{}])", Expr::string(query), names.join(", ")))
    });
    rows.collect()
}

impl<'a, 'b> Lists<'a, 'b> {
    fn of(facts: &'b Facts<'a>) -> Self {
        let is_public = facts.grant_of(Operation::List, Who::Anonymous) == Grant::Every;
        let reads_all = facts.resource.fields.iter().all(|field| field.read.is_none());
        let who = if is_public && reads_all { Who::Anonymous } else { facts.who() };
        let mut lists = Self {
            facts,
            who,
            rows: [Row::new(), Row::new(), Row::new()],
            values: [Values::new(), Values::new(), Values::new()],
        };
        for position in 0..3 {
            let candidates = lists.candidates(position);
            let values = Facts::together(candidates, |values| facts.keeps_rules(&facts.row_known(values), None));
            lists.rows[position] = facts.row_known(&values);
            lists.values[position] = values;
        }
        lists
    }

    /// What a row holds besides its sample: the second other values, the third those of the first or null.
    fn candidates(&self, position: usize) -> Vec<(FieldId, Value)> {
        let facts = self.facts;
        let scalars = facts.scalars().filter(|(_, _, scalar)| is_set(&scalar.ty));
        let candidates = scalars.filter_map(|(id, field, _)| {
            let first = facts.row.get(&id).cloned().or_else(|| facts.model.accepted_example(facts.resource.id, id))?;
            if facts.is_user() && self.who != Who::Anonymous && self.is_role(id) {
                return Some((id, self.role(position)));
            }
            let others: Vec<_> = facts
                .model
                .variants(facts.resource.id, id)
                .into_iter()
                .chain(facts.model.accepted_example(facts.resource.id, id))
                .filter(|value| *value != first)
                .collect();
            let is_unique = facts.numbered.contains(&id) || self.is_unique(id);
            if is_unique && others.len() < 2 {
                return None;
            }
            let value = match position {
                0 => first,
                1 => others.first()?.clone(),
                _ if is_unique => others.get(1)?.clone(),
                _ if field.presence.nullable => return None,
                _ => first,
            };
            Some((id, value))
        });
        candidates.collect()
    }

    fn is_unique(&self, id: FieldId) -> bool {
        self.facts.resource.uniques.iter().any(|unique| unique.columns.contains(&Column::Field(id)))
    }

    fn is_role(&self, id: FieldId) -> bool {
        self.facts.model.project.auth.as_ref().is_some_and(|auth| auth.role == Some(id))
    }

    /// The second user is the one who reads.
    fn role(&self, position: usize) -> Value {
        let auth = self.facts.model.project.auth.as_ref().expect("only users have roles");
        let reader = self.facts.role.unwrap_or(auth.default_role);
        let other = (0..auth.roles.len()).find(|role| *role != reader).unwrap_or(reader);
        Value::Enum(auth.roles[if position == 1 { reader } else { other }].value.clone())
    }

    fn reader(&self) -> String {
        match self.who {
            Who::Anonymous => "client".to_owned(),
            Who::Role(_) if self.facts.is_user() => "reader".to_owned(),
            Who::Role(_) => self.facts.caller(),
        }
    }

    /// Rows of the caller, where it sees no others.
    fn owner_argument(&self) -> String {
        let facts = self.facts;
        let needs_owner = facts.grant_of(Operation::List, self.who) == Grant::Own;
        match facts.resource.owner_reference().filter(|_| needs_owner) {
            Some(owner) => format!("{}={}.user_id", facts.resource.field(owner).attribute, facts.caller()),
            None => String::new(),
        }
    }

    fn is_mine(&self, field: &Field) -> bool {
        is_owner(field) && !self.owner_argument().is_empty()
    }

    fn is_single(&self, id: FieldId) -> bool {
        self.facts.resource.uniques.iter().any(|unique| unique.columns == [Column::Field(id)])
    }

    /// A reference that every row has.
    fn is_always_set(&self, field: &Field) -> bool {
        self.facts.row_references().iter().any(|(attribute, _)| *attribute == field.attribute)
    }

    #[expect(clippy::too_many_lines, reason = "one step for each kind of column")]
    fn statements(&self, imports: &mut Imports) -> (Vec<Expr>, Vec<String>) {
        let facts = self.facts;
        let class = &facts.resource.names.class;
        let mut statements = Vec::new();
        let mut members: Vec<String> = NAMES.map(str::to_owned).to_vec();
        for (position, name) in NAMES.iter().enumerate() {
            let mut arguments = vec![class.clone()];
            arguments.extend(Some(self.owner_argument()).filter(|argument| !argument.is_empty()));
            for (id, field) in facts.resource.fields_with_ids() {
                let argument = match &field.kind {
                    FieldKind::Scalar(scalar) => self.values[position]
                        .get(&id)
                        .map(|value| value::in_row(&scalar.ty, value, imports).to_string()),
                    FieldKind::Reference(_) if self.is_mine(field) => None,
                    FieldKind::Reference(_) if self.is_always_set(field) => {
                        (position == 2 && !self.is_single(id)).then(|| format!("first[\"{}\"]", field.attribute))
                    }
                    FieldKind::Reference(reference) if position == 1 && reference.target == facts.resource.id => {
                        Some("first[\"id\"]".to_owned())
                    }
                    FieldKind::Reference(reference) if position == 1 && self.can_add(reference.target) => {
                        let target = facts.model.resource(reference.target);
                        import_model(imports, target);
                        Some(format!("(await rows.add({}))[\"id\"]", target.names.class))
                    }
                    FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => None,
                };
                arguments.extend(argument.map(|value| format!("{}={value}", field.attribute)));
            }
            for (column, exists) in
                [("created_at", facts.resource.created_at), ("updated_at", facts.resource.updated_at)]
            {
                if exists {
                    let day = value::in_row(&FieldType::Bool, &Value::Datetime(DAYS[position].to_owned()), imports);
                    arguments.push(format!("{column}={day}"));
                }
            }
            statements.push(Expr::code(format!("{name} = await rows.add({})", arguments.join(", "))));
        }
        for field in &facts.resource.fields {
            let FieldKind::Many(many) = &field.kind else { continue };
            if !self.links(field) {
                continue;
            }
            let target = facts.model.resource(many.target);
            import_model(imports, target);
            let word = field.name.snake();
            let class = &target.names.class;
            statements.push(Expr::code(format!(
                "first_{word}, second_{word} = await rows.add({class}), await rows.add({class})"
            )));
            for (row, linked) in [("first", "first"), ("second", "first"), ("second", "second")] {
                statements.push(Expr::code(format!(
                    "await rows.link({}, {}={row}[\"id\"], {}={linked}_{word}[\"id\"])",
                    Expr::string(&many.join_table),
                    many.own_column,
                    many.target_column
                )));
            }
            members.extend([format!("first_{word}"), format!("second_{word}")]);
        }
        (statements, members)
    }

    /// Whether rows of the target can be added without rows of this resource.
    fn can_add(&self, target: crate::model::ResourceId) -> bool {
        !self.facts.is_behind(self.facts.model.resource(target)) && !(self.facts.is_user())
    }

    fn links(&self, field: &Field) -> bool {
        let is_filtered = self.facts.resource.list.filter.iter().any(|filter| {
            matches!(filter, Filter::Column(Column::Field(id)) if self.facts.resource.field(*id).name == field.name)
        });
        let FieldKind::Many(many) = &field.kind else { return false };
        is_filtered && self.can_add(many.target) && many.target != self.facts.resource.id
    }

    fn may_read(&self, field: &Field) -> bool {
        field.read.as_ref().is_none_or(|permission| self.facts.grant(permission, self.who) == Grant::Every)
    }

    fn filters(&self, members: &[String]) -> Vec<(String, Vec<usize>)> {
        let facts = self.facts;
        let mut rows = Vec::new();
        for filter in &facts.resource.list.filter {
            let Filter::Column(column) = *filter else { continue };
            let (_, json) = filter_names(facts.model, facts.resource, *filter);
            let names = operators(facts.model, facts.resource, *filter);
            for operator in names {
                let is_reserved = ["limit", "offset", "cursor", "sort", "q", "include"].contains(&json.as_str());
                let suffix = match operator.name {
                    "" if is_reserved => "__eq".to_owned(),
                    "" => String::new(),
                    name => format!("__{name}"),
                };
                if let Some((text, found)) = self.filter(column, operator.name, members) {
                    rows.push((format!("{json}{suffix}={text}"), found));
                }
            }
        }
        rows
    }

    /// The text behind `=`, and what it finds.
    fn filter(&self, column: Column, operator: &str, members: &[String]) -> Option<(String, Vec<usize>)> {
        let facts = self.facts;
        match column {
            Column::Id => match operator {
                "" => Some(("{first[id]}".to_owned(), vec![0])),
                "ne" | "nin" => Some(("{first[id]}".to_owned(), vec![1, 2])),
                "in" => Some(("{first[id]},{second[id]}".to_owned(), vec![0, 1])),
                _ => None,
            },
            Column::CreatedAt | Column::UpdatedAt => {
                let days = DAYS.map(|day| Known::Value(Value::Datetime(day.to_owned())));
                compare(&FieldType::Datetime { bounds: crate::model::Bounds::default() }, &days, operator, &|value| {
                    self.text(&FieldType::Bool, value)
                })
            }
            Column::DeletedAt | Column::Version => None,
            Column::Field(id) => {
                let field = facts.resource.field(id);
                if !self.may_read(field) {
                    return None;
                }
                match &field.kind {
                    FieldKind::Scalar(scalar) => {
                        if facts.numbered.contains(&id) && !self.values.iter().all(|values| values.contains_key(&id)) {
                            return None;
                        }
                        let known =
                            [0, 1, 2].map(|position| self.rows[position].get(&id).cloned().unwrap_or(Known::Something));
                        if known.contains(&Known::Something) || !is_set(&scalar.ty) {
                            return None;
                        }
                        compare(&scalar.ty, &known, operator, &|value| self.text(&scalar.ty, value))
                    }
                    FieldKind::Reference(reference) => self.reference(id, field, reference.target, operator),
                    FieldKind::Many(_) => Self::many(field, operator, members),
                    FieldKind::Polymorphic(_) => None,
                }
            }
        }
    }

    fn reference(
        &self,
        id: FieldId,
        field: &Field,
        target: crate::model::ResourceId,
        operator: &str,
    ) -> Option<(String, Vec<usize>)> {
        let second = format!("{{second[{}]}}", field.attribute);
        if self.is_mine(field) {
            return None;
        }
        if self.is_always_set(field) {
            let _ = id;
            return match operator {
                "" | "in" => Some((second, vec![1])),
                "ne" | "nin" => Some((second, vec![0, 2])),
                _ => None,
            };
        }
        if target != self.facts.resource.id && !self.can_add(target) {
            return None;
        }
        match operator {
            "" | "in" => Some((second, vec![1])),
            "ne" | "nin" => Some((second, Vec::new())),
            "isnull" => Some(("true".to_owned(), vec![0, 2])),
            _ => None,
        }
    }

    fn many(field: &Field, operator: &str, members: &[String]) -> Option<(String, Vec<usize>)> {
        let word = field.name.snake();
        if !members.contains(&format!("first_{word}")) {
            return None;
        }
        let both = format!("{{first_{word}[id]}},{{second_{word}[id]}}");
        match operator {
            "" => Some((format!("{{second_{word}[id]}}"), vec![1])),
            "any" => Some((both, vec![0, 1])),
            "all" => Some((both, vec![1])),
            _ => None,
        }
    }

    /// A value in a query string.
    fn text(&self, ty: &FieldType, value: &Value) -> String {
        let text = match value {
            Value::Bool(value) => value.to_string(),
            Value::Datetime(text)
            | Value::LocalDatetime(text)
            | Value::Date(text)
            | Value::Time(text)
            | Value::Text(text)
            | Value::Enum(text)
            | Value::Uuid(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) | Value::Float(number) => number.0.clone(),
            Value::Duration(micros) => value::iso_duration(*micros),
            Value::Null | Value::Json(_) => value::in_json(self.facts.model, ty, value).to_string(),
        };
        encoded(&text)
    }

    /// The positions of the rows in the order of the keys; none where one is not known.
    fn ordered(&self, keys: &[(Column, bool)]) -> Option<Vec<usize>> {
        let mut columns = Vec::new();
        for (column, descending) in keys {
            columns.push((self.column(*column)?, *descending));
        }
        let id_descends = keys.last().is_some_and(|(_, descending)| *descending);
        let mut positions = vec![0, 1, 2];
        positions.sort_by(|left, right| {
            for ((ty, values), descending) in &columns {
                let order = nulls_last(ty, &values[*left], &values[*right], *descending);
                if order != Ordering::Equal {
                    return order;
                }
            }
            if id_descends { right.cmp(left) } else { left.cmp(right) }
        });
        Some(positions)
    }

    /// The values of a sort key, if every database orders them in the same way.
    fn column(&self, column: Column) -> Option<(FieldType, [Known; 3])> {
        let instant = FieldType::Datetime { bounds: crate::model::Bounds::default() };
        match column {
            Column::CreatedAt | Column::UpdatedAt => {
                Some((instant, DAYS.map(|day| Known::Value(Value::Datetime(day.to_owned())))))
            }
            Column::Id => {
                let places = [0, 1, 2].map(|place| Known::Value(Value::Integer(place)));
                Some((FieldType::Bool, places))
            }
            Column::DeletedAt | Column::Version => None,
            Column::Field(id) => {
                let scalar = self.facts.scalar(id)?;
                if !self.may_read(self.facts.resource.field(id)) || !is_set(&scalar.ty) {
                    return None;
                }
                if self.facts.numbered.contains(&id) && !self.values.iter().all(|values| values.contains_key(&id)) {
                    return None;
                }
                let known = [0, 1, 2].map(|position| self.rows[position].get(&id).cloned().unwrap_or(Known::Something));
                let pairs = [(0, 1), (0, 2), (1, 2)];
                let is_clear = pairs.iter().all(|(left, right)| has_clear_order(&known[*left], &known[*right]));
                (is_clear && !known.contains(&Known::Something)).then(|| (scalar.ty.clone(), known))
            }
        }
    }

    fn orders(&self) -> Vec<(String, Vec<usize>)> {
        let facts = self.facts;
        let mut rows = Vec::new();
        let mut defaults: Vec<_> =
            facts.resource.list.default_sort.iter().map(|key| (key.column, key.descending)).collect();
        if defaults.is_empty() {
            defaults.push((Column::Id, false));
        }
        rows.extend(self.ordered(&defaults).map(|found| (String::new(), found)));
        for column in sort_columns(facts.resource) {
            for descending in [false, true] {
                let sign = if descending { "-" } else { "" };
                let name = column_json(facts.model, facts.resource, column);
                let found = self.ordered(&[(column, descending)]);
                rows.extend(found.map(|found| (format!("sort={sign}{name}"), found)));
            }
        }
        rows
    }

    fn searches(&self) -> Vec<(String, Vec<usize>)> {
        let facts = self.facts;
        let fields: Vec<_> =
            facts.resource.list.search.iter().copied().filter(|id| self.may_read(facts.resource.field(*id))).collect();
        if fields.len() < facts.resource.list.search.len() || fields.is_empty() {
            return Vec::new();
        }
        let text = |position: usize, id: FieldId| match self.rows[position].get(&id) {
            Some(Known::Value(Value::Text(text))) => text.to_lowercase(),
            _ => String::new(),
        };
        let is_certain = fields
            .iter()
            .all(|id| !facts.numbered.contains(id) || self.values.iter().all(|values| values.contains_key(id)));
        if !is_certain {
            return Vec::new();
        }
        let mut queries = Vec::new();
        for id in &fields {
            for position in [0, 1] {
                let word = text(position, *id);
                if word.is_ascii()
                    && !word.is_empty()
                    && word.chars().all(|letter| letter.is_ascii_alphanumeric() || " -@.".contains(letter))
                {
                    queries.push(word.clone());
                    queries.push(word.to_uppercase());
                    queries.push(word.chars().skip(1).take(3).collect());
                }
            }
        }
        queries.push("%".to_owned());
        queries.dedup();
        let rows = queries.into_iter().filter(|query| !query.trim().is_empty()).map(|query| {
            let words: Vec<_> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
            let finds =
                |position: &usize| words.iter().all(|word| fields.iter().any(|id| text(*position, *id).contains(word)));
            let found = (0..3).filter(finds).collect();
            (encoded(&query), found)
        });
        rows.take(12).collect()
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the text is wrong for no other type")]
    #[expect(clippy::too_many_lines, reason = "one entry for each kind of refusal")]
    fn refused(&self) -> Vec<Expr> {
        let facts = self.facts;
        let list = &facts.resource.list;
        let mut rows: Vec<(String, String)> = Vec::new();
        let is_known = |name: &str| facts.resource.fields.iter().any(|field| field.json == name);
        if !is_known("unknown") {
            rows.push(("unknown=x".to_owned(), "unknown".to_owned()));
        }
        let is_filtered = |id: FieldId| list.filter.contains(&Filter::Column(Column::Field(id)));
        let is_reserved = |name: &str| ["limit", "offset", "cursor", "sort", "q", "include"].contains(&name);
        for (id, field) in facts.resource.fields_with_ids() {
            if is_reserved(&field.json) {
                continue;
            }
            if !is_filtered(id) {
                rows.push((format!("{}=x", field.json), field.json.clone()));
                continue;
            }
            let wrong = match &field.kind {
                FieldKind::Scalar(scalar) => match &scalar.ty {
                    FieldType::Enum(kind) if kind.values.iter().all(|option| option.value != "unknown") => "unknown",
                    FieldType::Integer { .. }
                    | FieldType::Float { .. }
                    | FieldType::Decimal { .. }
                    | FieldType::Money { .. } => "many",
                    FieldType::Date { .. }
                    | FieldType::Time { .. }
                    | FieldType::Datetime { .. }
                    | FieldType::LocalDatetime { .. }
                    | FieldType::Duration { .. } => "soon",
                    FieldType::Bool => "maybe",
                    FieldType::Uuid => "not-an-id",
                    _ => continue,
                },
                FieldKind::Reference(reference) => {
                    let key = facts.model.resource(reference.target).key.ty;
                    if matches!(key, crate::model::KeyType::String(_)) {
                        continue;
                    }
                    "not-an-id"
                }
                FieldKind::Polymorphic(_) | FieldKind::Many(_) => continue,
            };
            rows.push((format!("{}={wrong}", field.json), field.json.clone()));
        }
        rows.truncate(24);
        let mut more = vec![("sort=unknown", "sort")];
        let most = format!("limit={}", list.max_page_size + 1);
        match list.page {
            Page::Offset => more.extend([
                ("limit=0", "limit"),
                (&*most, "limit"),
                ("limit=many", "limit"),
                ("offset=-1", "offset"),
                ("cursor=x", "cursor"),
            ]),
            Page::Cursor => {
                more.extend([("limit=0", "limit"), (&*most, "limit"), ("limit=many", "limit"), ("offset=0", "offset")]);
            }
            Page::None => more.extend([("limit=1", "limit"), ("offset=0", "offset"), ("cursor=x", "cursor")]),
        }
        if list.search.is_empty() {
            more.push(("q=x", "q"));
        }
        more.push(("include=unknown", "include"));
        rows.extend(more.into_iter().map(|(query, name)| (query.to_owned(), name.to_owned())));
        let rows = rows
            .into_iter()
            .map(|(query, name)| Expr::code(format!("({}, {})", Expr::string(&query), Expr::string(&name))));
        rows.collect()
    }
}

/// Types whose values a row of a list sets.
fn is_set(ty: &FieldType) -> bool {
    !matches!(
        ty,
        FieldType::Password(_)
            | FieldType::Json(_)
            | FieldType::Object(_)
            | FieldType::List(_)
            | FieldType::Bytes { .. }
    )
}

/// What an operator finds: with the value of the second row where it looks for one, that of the first otherwise.
fn compare(
    ty: &FieldType,
    rows: &[Known; 3],
    operator: &str,
    text: &dyn Fn(&Value) -> String,
) -> Option<(String, Vec<usize>)> {
    let value = |position: usize| match &rows[position] {
        Known::Value(value) => Some(value),
        Known::Null | Known::Something => None,
    };
    let (first, second) = (value(0)?, value(1)?);
    let keep = |test: &dyn Fn(&Value) -> bool| {
        (0..3).filter(|position| value(*position).is_some_and(test)).collect::<Vec<_>>()
    };
    let by = |wanted: &Value, test: &dyn Fn(Ordering) -> bool| {
        keep(&|value| variant::order(ty, value, wanted).is_some_and(test))
    };
    let part = |value: &Value, from: usize, count: usize| {
        let Value::Text(text) = value else { return None };
        Some(text.chars().skip(from).take(count).collect::<String>())
    };
    let lower = |value: &Value| if let Value::Text(text) = value { text.to_lowercase() } else { String::new() };
    let like = |piece: String, test: &dyn Fn(&str, &str) -> bool| {
        let folded = piece.to_lowercase();
        (piece.is_ascii() && !piece.contains(',') && !piece.trim().is_empty())
            .then(|| (encoded(&piece.to_uppercase()), keep(&|value| test(&lower(value), &folded))))
    };
    if [first, second]
        .iter()
        .any(|value| matches!(value, Value::Text(text) if text.contains([',', '\\']) || text.chars().count() > 200))
    {
        return None;
    }
    match operator {
        "" => Some((text(second), keep(&|value| value == second))),
        "ne" => Some((text(first), keep(&|value| value != first))),
        "in" => Some((format!("{},{}", text(first), text(second)), keep(&|value| value == first || value == second))),
        "nin" => Some((text(first), keep(&|value| value != first))),
        "lt" => Some((text(second), by(second, &Ordering::is_lt))),
        "lte" => Some((text(first), by(first, &Ordering::is_le))),
        "gt" => Some((text(first), by(first, &Ordering::is_gt))),
        "gte" => Some((text(second), by(second, &Ordering::is_ge))),
        "contains" => like(part(second, 1, 3)?, &|value, piece| value.contains(piece)),
        "startswith" => like(part(first, 0, 3)?, &|value, piece| value.starts_with(piece)),
        "endswith" => {
            like(part(second, part(second, 0, 300)?.chars().count().saturating_sub(3), 3)?, &|value, piece| {
                value.ends_with(piece)
            })
        }
        "isnull" => Some(("true".to_owned(), (0..3).filter(|position| rows[*position] == Known::Null).collect())),
        _ => None,
    }
}

/// Nulls come last in both directions.
fn nulls_last(ty: &FieldType, left: &Known, right: &Known, descending: bool) -> Ordering {
    match (left, right) {
        (Known::Value(left), Known::Value(right)) => {
            let order = variant::order(ty, left, right).unwrap_or(Ordering::Equal);
            if descending { order.reverse() } else { order }
        }
        (Known::Value(_), _) => Ordering::Less,
        (_, Known::Value(_)) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

/// Whether texts differ in letters of one case first, which every collation orders alike.
fn has_clear_order(left: &Known, right: &Known) -> bool {
    let (Known::Value(Value::Text(left)), Known::Value(Value::Text(right))) = (left, right) else { return true };
    match left.chars().zip(right.chars()).find(|(left, right)| left != right) {
        Some((left, right)) => {
            (left.is_ascii_lowercase() && right.is_ascii_lowercase())
                || (left.is_ascii_uppercase() && right.is_ascii_uppercase())
                || (left.is_ascii_digit() && right.is_ascii_digit())
        }
        None => left == right,
    }
}

/// Percent-encoded, and safe for `str.format`.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'@' => {
                encoded.push(char::from(byte));
            }
            _ => write!(encoded, "%{byte:02X}").expect("a string takes all text"),
        }
    }
    encoded
}
