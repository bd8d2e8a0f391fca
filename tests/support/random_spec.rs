//! Random valid specs. The same seed gives the same spec everywhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The files of a random spec by path.
pub fn random_spec(seed: u64) -> BTreeMap<String, String> {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
    let shape = Shape::choose(&mut random);
    let mut files = BTreeMap::from([("backendgen.yaml".to_owned(), shape.project(seed, &mut random))]);
    if shape.auth {
        files.insert("resources/users.yaml".to_owned(), users());
    }
    for position in 0..shape.nouns.len() {
        let path = format!("resources/{}.yaml", shape.nouns[position]);
        files.insert(path, shape.resource(position, &mut random));
    }
    files
}

/// `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).expect("a usize fits");
        usize::try_from(self.next() % limit).expect("smaller than a usize")
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a>(&mut self, options: &[&'a str]) -> &'a str {
        options[self.below(options.len())]
    }
}

const NOUNS: [&str; 14] = [
    "albums",
    "branches",
    "categories",
    "devices",
    "entries",
    "flights",
    "houses",
    "invoices",
    "kits",
    "metadata",
    "notes",
    "orders",
    "classes",
    "people",
];

const WORDS: [&str; 20] = [
    "title",
    "amount",
    "class",
    "date",
    "metadata",
    "schema",
    "order",
    "model_config",
    "code",
    "level",
    "started_at",
    "length",
    "limit",
    "active",
    "label",
    "weight",
    "color",
    "json",
    "from",
    "number",
];

/// Types with modifiers that fit every field: all are creatable from their example.
const TYPES: [&str; 41] = [
    "string",
    "string(1..40)",
    "string(3..20)?",
    "text",
    "text(0..500)?",
    "smallint",
    "smallint(1..5) = 3",
    "int",
    "int >= 0",
    "int? > 0 <= 100",
    "bigint",
    "bigint = 7",
    "float",
    "float? >= 0",
    "decimal(10,2) >= 0",
    "decimal(8,3)?",
    "money(EUR) = 0",
    "bool",
    "bool = false",
    "date",
    "date? = today",
    "time?",
    "datetime",
    "datetime = now",
    "datetime(local)?",
    "duration?",
    "uuid?",
    "uuid = uuid4",
    "enum(low, high) = low",
    "enum(a, b-c, d.e)?",
    "email?",
    "url?",
    "phone?",
    "ip?",
    "timezone = UTC",
    "locale?",
    "country?",
    "currency = EUR",
    "json?",
    "list(string(1..20), 0..5) = []",
    "bytes(100)?",
];

const MODIFIERS: [&str; 6] = ["", "", "", "", " immutable", " index"];

struct Shape {
    auth: bool,
    nouns: Vec<&'static str>,
}

impl Shape {
    fn choose(random: &mut Random) -> Self {
        let first = random.below(NOUNS.len());
        let count = 2 + random.below(3);
        let nouns = (0..count).map(|step| NOUNS[(first + step * 3) % NOUNS.len()]).collect();
        Self { auth: !random.one_in(4), nouns }
    }

    fn project(&self, seed: u64, random: &mut Random) -> String {
        let mut text = format!("backendgen: 1\nname: random_{seed}\ndatabases: [postgresql, mysql, sqlite]\n");
        if random.one_in(3) {
            text.push_str("package: service\n");
        }
        if self.auth {
            text.push_str("auth:\n  user: users\n  roles: [customer, admin]\n  superuser: admin\n");
            text.push_str("  permissions: {read: authenticated, write: authenticated}\n");
        }
        if random.one_in(2) {
            let (case, decimal) = (random.pick(&["snake", "camel"]), random.pick(&["string", "number"]));
            writeln!(text, "api: {{case: {case}, decimal: {decimal}}}").expect("a string takes all text");
        }
        let id = random.pick(&["uuid", "uuid4", "int", "bigint"]);
        writeln!(text, "defaults: {{id: {id}}}").expect("a string takes all text");
        text
    }

    fn resource(&self, position: usize, random: &mut Random) -> String {
        let mut text = String::new();
        let owned = self.auth && random.one_in(2);
        if owned {
            text.push_str("owner: keeper\npermissions: {read: owner | admin, create: authenticated, write: owner}\n");
        }
        text.push_str(random.pick(&["", "versioned: true\n", "versioned: required\n"]));
        let restorable = random.one_in(4);
        if restorable {
            text.push_str("soft_delete: true\noperations: [list, get, create, update, delete, restore, purge]\n");
        } else if random.one_in(3) {
            text.push_str("operations: [list, get, create, update, replace, delete]\n");
        }
        text.push_str("fields:\n  name: string(1..80)\n");
        if owned {
            text.push_str("  keeper: ref(users) immutable\n");
        }
        self.add_fields(position, random, &mut text);
        text.push_str(random.pick(&[
            "",
            "unique:\n  - [name]\n",
            "unique:\n  - {fields: [name], case: insensitive}\n",
        ]));
        text.push_str(random.pick(&[
            "",
            "list: {search: [name], default_sort: -name}\n",
            "list: {page: cursor, default_sort: name}\n",
            "list: {page: none}\n",
            "list: {count: false, page_size: 3, max_page_size: 5}\n",
        ]));
        text.push_str(random.pick(&["", "rules:\n  - name != 'forbidden'\n"]));
        text
    }

    fn add_fields(&self, position: usize, random: &mut Random, text: &mut String) {
        let first = random.below(WORDS.len());
        for step in 0..2 + random.below(7) {
            let word = WORDS[(first + step * 3) % WORDS.len()];
            let ty = TYPES[random.below(TYPES.len())];
            let (before, default) =
                ty.split_once(" = ").map_or((ty, String::new()), |(ty, value)| (ty, format!(" = {value}")));
            let modifier = if before.starts_with(['t', 'j', 'l', 'b', 'u']) { "" } else { random.pick(&MODIFIERS) };
            let (modifier, bounds) = (modifier, before);
            writeln!(text, "  {word}: {}{default}", with_modifier(bounds, modifier)).expect("a string takes all text");
        }
        for (other, noun) in self.nouns.iter().enumerate().take(position) {
            let singular = format!("link_{other}");
            match random.below(4) {
                0 => writeln!(text, "  {singular}: ref({noun}) inverse(inverse_{position}_{other})"),
                1 => writeln!(text, "  {singular}: ref({noun})? inverse(none)"),
                2 => writeln!(text, "  {singular}s: many({noun}) inverse(inverse_{position}_{other})"),
                _ => Ok(()),
            }
            .expect("a string takes all text");
        }
        if random.one_in(3) {
            text.push_str("  parent: {type: ref(self)?, inverse: children}\n");
        }
    }
}

/// Modifiers that are words stand behind the type and before the bounds.
fn with_modifier(ty: &str, modifier: &str) -> String {
    let end = ty.find(')').map_or_else(|| ty.find([' ', '?']).unwrap_or(ty.len()), |position| position + 1);
    let end = if ty[end..].starts_with('?') { end + 1 } else { end };
    format!("{}{modifier}{}", &ty[..end], &ty[end..])
}

fn users() -> String {
    "owner: self\nfields:\n  email: {type: email unique, permissions: {read: owner}}\n  password: password(12..128)\n  \
     name: string(1..80)\n  role: {type: role, permissions: {write: admin}}\noperations: [list, get, update, delete]\n\
     permissions: {read: authenticated, update: owner, delete: admin}\n"
        .to_owned()
}
