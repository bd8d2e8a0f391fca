//! How lists are filtered, sorted, searched and paged.

use super::field::{Fields, word_of};
use super::key::is_text;
use super::relation::find_column;
use super::scope::{Draft, Scope};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Access, Column, FieldId, FieldKind, FieldType, Filter, List, OrderKey, Page};
use crate::source::{Span, Spanned};
use crate::spec::field::{FieldSpec, SortKey};
use crate::spec::resource::{ListSpec, Page as PageSpec, Selection};

const PAGE_SIZE: u32 = 20;
const MAX_PAGE_SIZE: u32 = 100;

/// The names of query parameters.
const PARAMETERS: &[&str] = &["cursor", "include", "limit", "offset", "q", "sort"];

/// Resolves `list:` of a resource over `defaults.list`.
pub(super) fn resolve(scope: &Scope<'_>, draft: &Draft<'_>, all: &[Fields], diagnostics: &mut Diagnostics) -> List {
    let mut lister = Lister {
        scope,
        draft,
        all,
        fields: &all[draft.id.0],
        own: &draft.spec.list,
        project: &scope.spec.project.defaults.list,
        diagnostics,
    };
    let page = lister.page();
    let filter = lister.filters();
    let sort = lister.sorts(page);
    let default_sort = lister.default_sort(page, &sort);
    let (page_size, max_page_size) = lister.page_sizes(page);
    List {
        search: lister.searches(),
        count: lister.count(page),
        filter,
        sort: sort.columns,
        default_sort,
        page,
        page_size,
        max_page_size,
    }
}

struct Lister<'l, 'a> {
    scope: &'l Scope<'a>,
    draft: &'l Draft<'a>,
    all: &'l [Fields],
    fields: &'l Fields,
    own: &'l ListSpec,
    project: &'l ListSpec,
    diagnostics: &'l mut Diagnostics,
}

struct Sorts {
    columns: Vec<Column>,
    /// Whether the spec lists them by name.
    is_named: bool,
}

impl Lister<'_, '_> {
    fn push(&mut self, code: Code, span: &Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(code, span, message));
    }

    fn page(&self) -> Page {
        match self.own.page.as_ref().or(self.project.page.as_ref()).map(|page| page.value) {
            None | Some(PageSpec::Offset) => Page::Offset,
            Some(PageSpec::Cursor) => Page::Cursor,
            Some(PageSpec::None) => Page::None,
        }
    }

    fn page_sizes(&mut self, page: Page) -> (u32, u32) {
        let size = self.own.page_size.as_ref().or(self.project.page_size.as_ref());
        let max = self.own.max_page_size.as_ref().or(self.project.max_page_size.as_ref());
        let max_value = max.map_or_else(|| MAX_PAGE_SIZE.max(size.map_or(0, |size| size.value)), |max| max.value);
        let size_value = size.map_or_else(|| PAGE_SIZE.min(max_value), |size| size.value);
        if size_value > max_value {
            let span = self.own.page_size.as_ref().or(self.own.max_page_size.as_ref()).or(size).map(|size| &size.span);
            let message = format!("page_size {size_value} is above max_page_size {max_value}");
            if let Some(span) = span {
                self.push(Code::E605, span, message);
            }
        }
        if page == Page::None {
            let useless = [("page_size", &self.own.page_size), ("max_page_size", &self.own.max_page_size)];
            for (name, size) in useless {
                if let Some(size) = size {
                    self.push(Code::E605, &size.span, format!("`{name}` has no meaning with `page: none`"));
                }
            }
        }
        (size_value, max_value)
    }

    fn count(&mut self, page: Page) -> bool {
        if let (Some(count), Page::Cursor | Page::None) = (&self.own.count, page) {
            let word = if page == Page::Cursor { "cursor" } else { "none" };
            self.push(Code::E605, &count.span, format!("`count` has no meaning with `page: {word}`"));
        }
        let count = self.own.count.as_ref().or(self.project.count.as_ref()).is_none_or(|count| count.value);
        count && page == Page::Offset
    }

    fn selection(&self, which: fn(&ListSpec) -> &Option<Spanned<Selection>>) -> Option<&Spanned<Selection>> {
        which(self.own).as_ref().or(which(self.project).as_ref())
    }

    /// Says that a field's own `filter:`, `sort:` or `search:` stands beside a list of names.
    fn check_flags(&mut self, word: &str, flag: fn(&FieldSpec) -> &Option<Spanned<bool>>) {
        let flags: Vec<(Span, String)> = self
            .draft
            .fields
            .iter()
            .filter_map(|field| Some((flag(field).as_ref()?.span.clone(), field.name.value.clone())))
            .collect();
        for (span, name) in flags {
            let message = format!("`{word}` of `{name}` is given in the field and in `list.{word}`");
            self.push(Code::E015, &span, message);
        }
    }

    fn filters(&mut self) -> Vec<Filter> {
        let selection = self.selection(|list| &list.filter).cloned();
        if let Some(Spanned { value: Selection::Names(names), .. }) = &selection {
            self.check_flags("filter", |field| &field.filter);
            return names.iter().filter_map(|name| self.named_filter(name)).collect();
        }
        let is_all = selection.is_none_or(|selection| selection.value == Selection::All);
        let mut filters = Vec::new();
        for (position, spec) in self.draft.fields.iter().enumerate() {
            let id = FieldId(position);
            let is_wanted = match &spec.filter {
                Some(flag) if flag.value && !self.draft.broken.contains(&spec.name.value) => {
                    self.may_filter(id, &flag.span)
                }
                Some(_) => false,
                None => is_all && filters_by_default(self.fields, id),
            };
            if is_wanted && !self.fields.broken.contains(&id) {
                filters.push(Filter::Column(Column::Field(id)));
            }
        }
        if is_all {
            filters.push(Filter::Column(Column::Id));
            filters.extend(self.timestamps().into_iter().map(Filter::Column));
        }
        filters
    }

    fn timestamps(&self) -> Vec<Column> {
        let columns = [(self.draft.created_at, Column::CreatedAt), (self.draft.updated_at, Column::UpdatedAt)];
        columns.into_iter().filter(|(exists, _)| *exists).map(|(_, column)| column).collect()
    }

    fn named_filter(&mut self, name: &Spanned<String>) -> Option<Filter> {
        let Some((reference, field)) = name.value.split_once('.') else {
            let column = self.column(&name.value, &name.span)?;
            let Column::Field(id) = column else { return Some(Filter::Column(column)) };
            return self.may_filter(id, &name.span).then_some(Filter::Column(column));
        };
        let Some(id) = self.draft.find(reference) else {
            self.draft.unknown_field(reference, &name.span, self.diagnostics);
            return None;
        };
        if self.fields.broken.contains(&id) {
            return None;
        }
        let FieldKind::Reference(found) = &self.fields.list[id.0].kind else {
            let message = format!("`{reference}` in `{}` is not a reference of {}", name.value, self.draft.name());
            self.push(Code::E401, &name.span, message);
            return None;
        };
        if field.contains('.') {
            let message = format!("`{}` goes over more than one reference, which is not supported", name.value);
            self.push(Code::E401, &name.span, message);
            return None;
        }
        let target = self.scope.draft(found.target);
        let Some(column) = find_column(target, field) else {
            target.unknown_field(field, &name.span, self.diagnostics);
            return None;
        };
        let fields = &self.all[found.target.0];
        if let Column::Field(target_field) = column {
            if fields.broken.contains(&target_field) {
                return None;
            }
            let problem = filter_problem(target, fields, target_field).or_else(|| {
                let kind = &fields.list[target_field.0].kind;
                let is_column = matches!(kind, FieldKind::Scalar(_) | FieldKind::Reference(_));
                (!is_column).then(|| (Code::E603, format!("`filter` over a reference does not work on `{field}`")))
            });
            if let Some((code, message)) = problem {
                self.push(code, &name.span, message);
                return None;
            }
        }
        Some(Filter::Path(id, column))
    }

    fn column(&mut self, name: &str, span: &Span) -> Option<Column> {
        let column = find_column(self.draft, name);
        match column {
            None => self.draft.unknown_field(name, span, self.diagnostics),
            Some(Column::Field(id)) if self.fields.broken.contains(&id) => return None,
            Some(Column::DeletedAt) => {
                self.push(Code::E401, span, "`deleted_at` is not part of the API");
                return None;
            }
            Some(_) => {}
        }
        column
    }

    fn may_filter(&mut self, id: FieldId, span: &Span) -> bool {
        if self.fields.broken.contains(&id) {
            return false;
        }
        let problem = filter_problem(self.draft, self.fields, id);
        if let Some((code, message)) = &problem {
            self.push(*code, span, message.clone());
        }
        problem.is_none()
    }

    fn sorts(&mut self, page: Page) -> Sorts {
        let selection = self.selection(|list| &list.sort).cloned();
        if let Some(Spanned { value: Selection::Names(names), .. }) = &selection {
            self.check_flags("sort", |field| &field.sort);
            let columns = names.iter().filter_map(|name| self.named_sort(&name.value, &name.span, page)).collect();
            return Sorts { columns, is_named: true };
        }
        let is_all = selection.is_none_or(|selection| selection.value == Selection::All);
        let mut columns = Vec::new();
        for (position, spec) in self.draft.fields.iter().enumerate() {
            let id = FieldId(position);
            let is_wanted = match &spec.sort {
                Some(flag) if flag.value && !self.draft.broken.contains(&spec.name.value) => {
                    self.named_sort(&spec.name.value, &flag.span, page).is_some()
                }
                Some(_) => false,
                None => is_all && self.sorts_by_default(id, page),
            };
            if is_wanted && !self.fields.broken.contains(&id) {
                columns.push(Column::Field(id));
            }
        }
        if is_all {
            columns.push(Column::Id);
            columns.extend(self.timestamps());
        }
        Sorts { columns, is_named: false }
    }

    fn sorts_by_default(&self, id: FieldId, page: Page) -> bool {
        let field = &self.fields.list[id.0];
        sort_problem(self.draft, self.fields, id).is_none() && !(page == Page::Cursor && field.presence.nullable)
    }

    fn named_sort(&mut self, name: &str, span: &Span, page: Page) -> Option<Column> {
        let column = self.column(name, span)?;
        let Column::Field(id) = column else { return Some(column) };
        if let Some((code, message)) = sort_problem(self.draft, self.fields, id) {
            self.push(code, span, message);
            return None;
        }
        if page == Page::Cursor && self.fields.list[id.0].presence.nullable {
            self.push(Code::E606, span, format!("cursor pagination cannot sort by `{name}`, which can be null"));
            return None;
        }
        Some(column)
    }

    fn default_sort(&mut self, page: Page, sort: &Sorts) -> Vec<OrderKey> {
        let given = self.own.default_sort.as_ref().or(self.project.default_sort.as_ref());
        let keys: Vec<Spanned<SortKey>> = given.map(|keys| keys.value.clone()).unwrap_or_default();
        let mut order = Vec::new();
        for key in &keys {
            let name = key.value.field.as_str();
            let Some(column) = self.named_sort(name, &key.span, page) else { continue };
            if column == Column::Id {
                order.push(OrderKey { column, descending: key.value.descending });
                break;
            }
            if sort.is_named && !sort.columns.contains(&column) {
                self.push(Code::E604, &key.span, format!("`default_sort` uses `{name}`, which is not in `sort`"));
            }
            order.push(OrderKey { column, descending: key.value.descending });
        }
        order
    }

    fn searches(&mut self) -> Vec<FieldId> {
        let selection = self.selection(|list| &list.search).cloned();
        if let Some(Spanned { value: Selection::Names(names), .. }) = &selection {
            self.check_flags("search", |field| &field.search);
            return names.iter().filter_map(|name| self.named_search(&name.value, &name.span)).collect();
        }
        let is_all = selection.is_some_and(|selection| selection.value == Selection::All);
        let mut searches = Vec::new();
        for (position, spec) in self.draft.fields.iter().enumerate() {
            let id = FieldId(position);
            let is_wanted = match &spec.search {
                Some(flag) if flag.value && !self.draft.broken.contains(&spec.name.value) => {
                    self.named_search(&spec.name.value, &flag.span).is_some()
                }
                Some(_) => false,
                None => is_all && search_problem(self.draft, self.fields, id).is_none(),
            };
            if is_wanted && !self.fields.broken.contains(&id) {
                searches.push(id);
            }
        }
        searches
    }

    fn named_search(&mut self, name: &str, span: &Span) -> Option<FieldId> {
        let Column::Field(id) = self.column(name, span)? else {
            self.push(Code::E603, span, format!("`search` only works on text, `{name}` is generated"));
            return None;
        };
        if let Some((code, message)) = search_problem(self.draft, self.fields, id) {
            self.push(code, span, message);
            return None;
        }
        Some(id)
    }
}

type Problem = Option<(Code, String)>;

/// Why a field must not be seen by filters, sorting and search.
fn hidden_problem(fields: &Fields, id: FieldId, word: &str) -> Problem {
    let field = &fields.list[id.0];
    let reason = if field.sensitive {
        "sensitive"
    } else {
        match field.access {
            Access::Private => "private",
            Access::Writeonly => "writeonly",
            Access::Readwrite | Access::Immutable | Access::Readonly => return None,
        }
    };
    Some((Code::E213, format!("`{}` is {reason} and cannot be used in `{word}`", field.name)))
}

fn kind_word(fields: &Fields, id: FieldId) -> &'static str {
    match &fields.list[id.0].kind {
        FieldKind::Scalar(scalar) => word_of(&scalar.ty),
        FieldKind::Reference(_) => "a reference",
        FieldKind::Polymorphic(_) => "a reference to several resources",
        FieldKind::Many(_) => "many",
    }
}

fn filter_problem(_draft: &Draft<'_>, fields: &Fields, id: FieldId) -> Problem {
    let name = &fields.list[id.0].name;
    let works = match &fields.list[id.0].kind {
        FieldKind::Scalar(scalar) => !matches!(
            scalar.ty,
            FieldType::Json(_) | FieldType::Object(_) | FieldType::Bytes { .. } | FieldType::Password(_)
        ),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => true,
    };
    let problem = (Code::E603, format!("`filter` does not work on {}, which `{name}` is", kind_word(fields, id)));
    hidden_problem(fields, id, "filter").or_else(|| (!works).then_some(problem))
}

fn sort_problem(_draft: &Draft<'_>, fields: &Fields, id: FieldId) -> Problem {
    let name = &fields.list[id.0].name;
    let works = match &fields.list[id.0].kind {
        FieldKind::Scalar(scalar) => !matches!(
            scalar.ty,
            FieldType::Text(_)
                | FieldType::Json(_)
                | FieldType::Object(_)
                | FieldType::List(_)
                | FieldType::Bytes { .. }
                | FieldType::Password(_)
        ),
        FieldKind::Reference(_) => true,
        FieldKind::Polymorphic(_) | FieldKind::Many(_) => false,
    };
    let problem = (Code::E603, format!("`sort` does not work on {}, which `{name}` is", kind_word(fields, id)));
    hidden_problem(fields, id, "sort").or_else(|| (!works).then_some(problem))
}

fn search_problem(_draft: &Draft<'_>, fields: &Fields, id: FieldId) -> Problem {
    let name = &fields.list[id.0].name;
    let works = match &fields.list[id.0].kind {
        FieldKind::Scalar(scalar) => is_text(&scalar.ty),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => false,
    };
    let problem = (Code::E603, format!("`search` only works on text, `{name}` is {}", kind_word(fields, id)));
    hidden_problem(fields, id, "search").or_else(|| (!works).then_some(problem))
}

fn filters_by_default(fields: &Fields, id: FieldId) -> bool {
    let is_text =
        matches!(&fields.list[id.0].kind, FieldKind::Scalar(scalar) if matches!(scalar.ty, FieldType::Text(_)));
    let is_hidden = hidden_problem(fields, id, "filter").is_some();
    let works = match &fields.list[id.0].kind {
        FieldKind::Scalar(scalar) => !matches!(
            scalar.ty,
            FieldType::Json(_) | FieldType::Object(_) | FieldType::Bytes { .. } | FieldType::Password(_)
        ),
        FieldKind::Reference(_) | FieldKind::Polymorphic(_) | FieldKind::Many(_) => true,
    };
    works && !is_text && !is_hidden
}

/// Information about filters: names that are also parameters, and columns without an index.
pub(super) fn inform(
    draft: &Draft<'_>,
    fields: &Fields,
    list: &List,
    indexed: &std::collections::BTreeSet<Column>,
    diagnostics: &mut Diagnostics,
) {
    for filter in &list.filter {
        let Filter::Column(Column::Field(id)) = filter else { continue };
        let field = &fields.list[id.0];
        let span = &draft.field(*id).name.span;
        if PARAMETERS.contains(&field.json.as_str()) {
            let json = &field.json;
            let message = format!("`{json}` is a query parameter: rows are filtered by `{json}__eq` only");
            diagnostics.push(Diagnostic::new(Code::I617, span, message));
        }
        let can_have_index = match &field.kind {
            FieldKind::Scalar(scalar) => !matches!(scalar.ty, FieldType::Text(_) | FieldType::List(_)),
            FieldKind::Reference(_) => true,
            FieldKind::Polymorphic(_) | FieldKind::Many(_) => false,
        };
        if can_have_index && !indexed.contains(&Column::Field(*id)) {
            let message = format!("`{}` can be filtered by but has no index", field.name);
            let diagnostic = Diagnostic::new(Code::I620, span, message);
            diagnostics.push(diagnostic.help("add it to `indexes:`, or take it out of `list.filter`"));
        }
    }
}
