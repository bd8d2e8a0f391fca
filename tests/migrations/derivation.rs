//! What a spec becomes in the database.

use std::fmt::Write as _;

use backendgen::model::Database;
use backendgen::schema::{KeyPart, Schema, Table};

use crate::schemas::of_spec;

const PROJECT: &str = "backendgen: 1\nname: shop\ndatabases: [postgresql, mysql, sqlite]\nfeatures: []\n";

/// Rules of every kind.
pub const RULES: &str = "fields:
  a: int?
  b: int?
  starts_at: datetime?
  ends_at: datetime?
  day: date?
  status: enum(draft, paid) = draft
  email: email
  phone: phone?
rules:
  - ends_at > starts_at
  - status == 'paid' => ends_at is not null and starts_at is not null
  - present(email, phone) >= 1
  - present(a, b) <= 1
  - a + 2 * b <= 10
  - not (a in [1, 2]) or b is null
  - ends_at - starts_at <= 2h
  - starts_at + 90s < ends_at
  - day + 2d > '2025-01-15'
  - length(email) >= 6 or a != 3
";

/// A project with that resource and two others.
pub fn schema(resource: &str) -> Schema {
    let files = [
        ("backendgen.yaml", PROJECT),
        ("resources/things.yaml", resource),
        ("resources/boxes.yaml", "fields:\n  label: string\n"),
        ("resources/crates.yaml", "fields:\n  label: string\n"),
    ];
    of_spec(&files)
}

fn table(resource: &str) -> Table {
    schema(resource).tables.remove("things").expect("the resource has a table")
}

/// The CHECKs: name without its hash, and the SQL by database.
fn checks(resource: &str) -> String {
    let mut text = String::new();
    for check in table(resource).checks {
        writeln!(text, "{}", &check.name[..check.name.len() - 7]).expect("a string takes all text");
        for (database, sql) in check.sql {
            writeln!(text, "  {database:?}: {sql}").expect("a string takes all text");
        }
    }
    text
}

/// The indexes: what each is on every database.
fn indexes(resource: &str) -> String {
    let table = table(resource);
    let mut text = String::new();
    for index in &table.indexes {
        writeln!(text, "{}{}", index.name, if index.unique { " unique" } else { "" }).expect("a string takes all text");
        for database in [Database::Postgresql, Database::Mysql, Database::Sqlite] {
            let Some(physical) = table.physical_index(index, database) else { continue };
            let parts = physical.parts.iter().map(|part| match part {
                KeyPart::Column(name) => name.clone(),
                KeyPart::Expression(sql) => format!("({sql})"),
            });
            let parts: Vec<_> = parts.collect();
            let condition = physical.condition.map(|condition| format!(" where {condition}")).unwrap_or_default();
            writeln!(text, "  {database:?}: {}{condition}", parts.join(", ")).expect("a string takes all text");
        }
        for hidden in table.hidden_columns(index) {
            let kind = if hidden.is_stored { "stored" } else { "virtual" };
            writeln!(text, "  {} {} {kind}: {}", hidden.name, hidden.ty, hidden.sql).expect("a string takes all text");
        }
    }
    text
}

#[test]
fn bounds_lengths_and_enums_become_checks() {
    let resource = "fields:
  name: string(1..40)
  code: string(3..8)
  size: int >= 1 <= 5
  weight: decimal(8,2) > 0
  order: int(0..9)
  born: date? >= 1900-01-01
  span: duration? <= 2d
  color: enum(red, green)
  free: {type: int >= 0, check: false}
";
    insta::assert_snapshot!(checks(resource), @r#"
    ck_things_name
      Postgresql: length(name) >= 1
      Mysql: length(name) >= 1
      Sqlite: length(name) >= 1
    ck_things_code
      Postgresql: length(code) >= 3
      Mysql: char_length(code) >= 3
      Sqlite: length(code) >= 3
    ck_things_size
      Postgresql: size >= 1 AND size <= 5
      Mysql: size >= 1 AND size <= 5
      Sqlite: size >= 1 AND size <= 5
    ck_things_weight
      Postgresql: weight > 0
      Mysql: weight > 0
      Sqlite: weight > 0
    ck_things_order
      Postgresql: "order" >= 0 AND "order" <= 9
      Mysql: `order` >= 0 AND `order` <= 9
      Sqlite: "order" >= 0 AND "order" <= 9
    ck_things_born
      Postgresql: born >= '1900-01-01'
      Mysql: born >= '1900-01-01'
      Sqlite: born >= '1900-01-01'
    ck_things_span
      Postgresql: span <= 172800000000
      Mysql: span <= 172800000000
      Sqlite: span <= 172800000000
    ck_things_color
      Postgresql: color IN ('red', 'green')
      Mysql: color IN ('red', 'green')
      Sqlite: color IN ('red', 'green')
    "#);
}

#[test]
fn rules_become_checks_where_the_database_holds_them() {
    insta::assert_snapshot!(checks(RULES), @r#"
    ck_things_status
      Postgresql: status IN ('draft', 'paid')
      Mysql: status IN ('draft', 'paid')
      Sqlite: status IN ('draft', 'paid')
    ck_things_ends_at_starts_at
      Postgresql: ends_at > starts_at
      Mysql: ends_at > starts_at
      Sqlite: ends_at > starts_at
    ck_things_status_ends_at_starts_at
      Postgresql: NOT (status = 'paid') OR ends_at IS NOT NULL AND starts_at IS NOT NULL
      Mysql: NOT (status = 'paid') OR ends_at IS NOT NULL AND starts_at IS NOT NULL
      Sqlite: NOT (status = 'paid') OR ends_at IS NOT NULL AND starts_at IS NOT NULL
    ck_things_email_phone
      Postgresql: email IS NOT NULL OR phone IS NOT NULL
      Mysql: email IS NOT NULL OR phone IS NOT NULL
      Sqlite: email IS NOT NULL OR phone IS NOT NULL
    ck_things_a_b
      Postgresql: num_nonnulls(a, b) <= 1
      Mysql: (a IS NOT NULL) + (b IS NOT NULL) <= 1
      Sqlite: (a IS NOT NULL) + (b IS NOT NULL) <= 1
    ck_things_a_b
      Postgresql: CAST(a AS numeric) + 2 * CAST(b AS numeric) <= 10
      Mysql: CAST(a AS decimal(65)) + 2 * CAST(b AS decimal(65)) <= 10
      Sqlite: a + 2 * b <= 10
    ck_things_a_b
      Postgresql: NOT (a IN (1, 2)) OR b IS NULL
      Mysql: NOT (a IN (1, 2)) OR b IS NULL
      Sqlite: NOT (a IN (1, 2)) OR b IS NULL
    ck_things_ends_at_starts_at
      Postgresql: extract(epoch FROM ends_at - starts_at) * 1000000 <= 7200000000
      Mysql: timestampdiff(MICROSECOND, starts_at, ends_at) <= 7200000000
    ck_things_starts_at_ends_at
      Postgresql: starts_at + 90000000 * interval '1 microsecond' < ends_at
      Mysql: starts_at + INTERVAL 90000000 MICROSECOND < ends_at
    ck_things_day
      Postgresql: day + CAST(2 AS integer) > '2025-01-15'
      Mysql: day + INTERVAL 2 DAY > '2025-01-15'
    ck_things_email_a
      Postgresql: length(email) >= 6 OR a <> 3
      Mysql: char_length(email) >= 6 OR a <> 3
      Sqlite: length(email) >= 6 OR a <> 3
    "#);
}

#[test]
fn polymorphic_references_hold_exactly_one() {
    let resource = "fields:\n  target: ref(boxes, crates)\n  other: {type: \"ref(boxes, crates)?\", inverse: none}\n";
    insta::assert_snapshot!(checks(resource), @r#"
    ck_things_target_box_id_target_crate_id
      Postgresql: num_nonnulls(target_box_id, target_crate_id) = 1
      Mysql: (target_box_id IS NOT NULL) + (target_crate_id IS NOT NULL) = 1
      Sqlite: (target_box_id IS NOT NULL) + (target_crate_id IS NOT NULL) = 1
    ck_things_other_box_id_other_crate_id
      Postgresql: num_nonnulls(other_box_id, other_crate_id) <= 1
      Sqlite: (other_box_id IS NOT NULL) + (other_crate_id IS NOT NULL) <= 1
    "#);
}

#[test]
fn uniques_and_indexes_differ_by_database() {
    let resource = "soft_delete: true
fields:
  name: string(40)
  code: string(8)?
  rank: int?
  box: {type: \"ref(boxes)?\", on_delete: cascade}
  crate: ref(crates)
unique:
  - {fields: [name], case: insensitive}
  - {fields: [box, code], nulls: equal}
indexes:
  - [-rank, name]
  - {fields: [crate], where: rank > 3}
list: {sort: [rank, created_at], default_sort: -rank}
";
    insta::assert_snapshot!(indexes(resource), @r#"
    uq_things_name unique
      Postgresql: (lower(name)) where deleted_at IS NULL
      Mysql: _lower_name, _active
      Sqlite: (lower(name)) where deleted_at IS NULL
      _lower_name varchar(40) stored: lower(name)
      _active boolean stored: CASE WHEN deleted_at IS NULL THEN 1 END
    uq_things_box_id_code unique
      Postgresql: box_id, code where deleted_at IS NULL
      Mysql: _key_box_id, _null_box_id, _key_code, _null_code, _active
      Sqlite: (coalesce(box_id, '')), (box_id IS NULL), (coalesce(code, '')), (code IS NULL) where deleted_at IS NULL
      _key_box_id uuid virtual: coalesce(rtrim(box_id), '')
      _null_box_id boolean virtual: box_id IS NULL
      _key_code varchar(8) stored: coalesce(code, '')
      _null_code boolean stored: code IS NULL
      _active boolean stored: CASE WHEN deleted_at IS NULL THEN 1 END
    ix_things_rank_name
      Postgresql: (rank DESC NULLS LAST), name
      Mysql: (`rank` DESC), name
      Sqlite: (rank DESC), name
    ix_things_crate_id
      Postgresql: crate_id where rank > 3
      Mysql: crate_id
      Sqlite: crate_id where rank > 3
    ix_things_rank_id
      Postgresql: (rank DESC NULLS LAST), (id DESC)
      Mysql: (`rank` DESC), (id DESC)
      Sqlite: (rank DESC), (id DESC)
    ix_things_box_id
      Postgresql: box_id
      Mysql: box_id
      Sqlite: box_id
    ix_things_crate_id_2
      Postgresql: crate_id
      Mysql: crate_id
      Sqlite: crate_id
    "#);
}
