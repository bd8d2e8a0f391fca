//! Random schemas that grow. The same seed gives the same chain everywhere.

use backendgen::schema::Schema;
use serde_json::{Value, json};

/// Logical types with a default that fits.
const TYPES: [(&str, &str); 17] = [
    ("varchar(40)", r#""it's 50% a:b""#),
    ("text", r#""long""#),
    ("smallint", "-3"),
    ("int", "7"),
    ("bigint", "9007199254740993"),
    ("double", r#""2.25""#),
    ("numeric(12,3)", r#""1.125""#),
    ("boolean", "true"),
    ("date", r#""2025-01-15""#),
    ("time", r#""09:30:00""#),
    ("timestamptz", r#""2025-01-15T09:00:00Z""#),
    ("timestamp", r#""2025-01-15T09:00:00""#),
    ("duration", "90000000"),
    ("uuid", r#""018f3f5e-7b3a-7c2e-8000-000000000001""#),
    ("json", r#"{"a": [1, "b"]}"#),
    ("bytes", "null"),
    ("bytes(16)", "null"),
];
/// Positions in `TYPES` that every database can index.
const INDEXABLE: [usize; 6] = [0, 2, 3, 8, 10, 13];
const NAMES: [&str; 8] = ["order", "title", "group", "status", "rank", "class", "amount", "user"];

/// A small generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("smaller than a usize")
    }
}

/// Schemas of which each is the one before with safe additions.
pub fn chain(seed: u64, length: usize) -> Vec<Schema> {
    let mut random = Random(seed);
    let mut tables: Vec<Value> = Vec::new();
    let mut schemas = Vec::new();
    for step in 0..length {
        for table in &mut tables {
            grow(table, &mut random, step);
        }
        for number in 0..3 {
            let known: Vec<String> = tables.iter().map(name_of).collect();
            tables.push(new_table(&format!("t{step}_{number}"), &known, &mut random));
        }
        let entries = tables.iter().map(|table| (name_of(table), table.clone()));
        let schema = json!({ "tables": entries.collect::<serde_json::Map<_, _>>() });
        schemas.push(serde_json::from_value(schema).expect("it is a schema"));
    }
    schemas
}

fn name_of(table: &Value) -> String {
    table["name"].as_str().expect("tables have names").to_owned()
}

fn new_table(name: &str, known: &[String], random: &mut Random) -> Value {
    let mut table = json!({
        "name": name,
        "columns": [{"name": "id", "type": "bigint", "nullable": false, "identity": true}],
        "primary_key": {"name": format!("pk_{name}"), "columns": ["id"]},
        "foreign_keys": [], "checks": [], "indexes": [],
    });
    for word in NAMES.iter().take(3 + random.below(4)) {
        let nullable = random.below(2) == 0;
        add_column(&mut table, word, nullable, random);
    }
    if let Some(target) = known.get(random.below(known.len() + 1)) {
        add_reference(&mut table, "parent_id", target, random);
    }
    add_reference(&mut table, "self_id", name, random);
    table
}

fn grow(table: &mut Value, random: &mut Random, step: usize) {
    add_column(table, &format!("added_{step}"), true, random);
    let name = name_of(table);
    add_reference(table, &format!("other_{step}_id"), &name, random);
    let indexes = table["indexes"].as_array_mut().expect("tables have indexes");
    if random.below(2) == 0 {
        indexes.retain(|index| !index["name"].as_str().expect("indexes have names").starts_with("ix_extra"));
    }
}

fn add_column(table: &mut Value, name: &str, nullable: bool, random: &mut Random) {
    let table_name = name_of(table);
    let position = random.below(TYPES.len());
    let (ty, default) = TYPES[position];
    let default: Value = serde_json::from_str(default).expect("defaults are JSON");
    let has_default = !default.is_null() && (!nullable || random.below(2) == 0);
    let mut column = json!({"name": name, "type": ty, "nullable": nullable || !has_default});
    if has_default {
        column["default"] = json!({ "constant": default });
    }
    push(table, "columns", column);
    if ty == "int" {
        let check = |quote: &str| format!("{quote}{name}{quote} >= -5");
        let sql = json!({"postgresql": check("\""), "mysql": check("`"), "sqlite": check("\"")});
        push(table, "checks", json!({"name": format!("ck_{table_name}_{name}_abc123"), "columns": [name], "sql": sql}));
    }
    if INDEXABLE.contains(&position) {
        let part = json!({"column": name, "descending": random.below(3) == 0});
        push(table, "indexes", json!({"name": format!("ix_extra_{table_name}_{name}"), "parts": [part]}));
    }
}

fn add_reference(table: &mut Value, column: &str, target: &str, random: &mut Random) {
    let name = name_of(table);
    let on_delete = ["restrict", "cascade", "set_null", "no_action"][random.below(4)];
    push(table, "columns", json!({"name": column, "type": "bigint", "nullable": true}));
    let key = json!({
        "name": format!("fk_{name}_{column}"), "column": column, "table": target, "target": "id", "on_delete": on_delete,
    });
    push(table, "foreign_keys", key);
    push(table, "indexes", json!({"name": format!("ix_{name}_{column}"), "parts": [{"column": column}]}));
}

fn push(table: &mut Value, list: &str, item: Value) {
    table[list].as_array_mut().expect("it is a list").push(item);
}
