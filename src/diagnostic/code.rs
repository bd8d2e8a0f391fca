//! The codes of all diagnostics. The comment of a code is what `backendgen explain` prints.

use super::Severity;

/// Makes the enum, the list of all codes and their explanations from one list, so that none can be forgotten.
macro_rules! codes {
    ($($(#[doc = $line:literal])+ $code:ident,)+) => {
        /// The stable code of a diagnostic. A code, letter and number together, is never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $line])+ $code,)+
        }

        impl Code {
            /// All codes, by number.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// The code as printed: `E301`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)+
                }
            }

            /// What it means, how to fix it, and an example.
            #[must_use]
            pub fn explanation(self) -> String {
                let lines: &[&str] = match self {
                    $(Self::$code => &[$($line),+],)+
                };
                lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n") + "\n"
            }
        }
    };
}

impl Code {
    /// How much a diagnostic of this code matters: its letter says it.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self.as_str().as_bytes()[0] {
            b'E' => Severity::Error,
            b'W' => Severity::Warning,
            _ => Severity::Info,
        }
    }

    /// The code of that name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

codes! {
    /// the file is not valid YAML
    ///
    /// The text breaks the grammar of YAML, so nothing behind the marked place could be read.
    ///
    /// Fix: quote a value that holds `: ` or starts with one of the signs of YAML, such as `@`, `%`, `*`, `&`, `!`
    /// or a backtick, and check the indentation.
    ///
    /// ```yaml
    /// title: "a: b"
    /// ```
    E001,

    /// a key stands twice in one mapping
    ///
    /// YAML readers disagree about which of the two counts, so neither does.
    ///
    /// Fix: remove one of the two, or give it another name.
    ///
    /// ```yaml
    /// fields: {title: string, body: text}
    /// ```
    E002,

    /// a tab is used for indentation
    ///
    /// YAML forbids tabs there, and editors disagree about their width.
    ///
    /// Fix: use spaces.
    E003,

    /// YAML anchors and aliases are not supported
    ///
    /// An alias copies text out of sight, and the place of a mistake in it would be wrong.
    ///
    /// Fix: use `types:` for one field, `mixins:` for a group of fields, both in `backendgen.yaml`.
    ///
    /// ```yaml
    /// types: {sku: "string(3..32) unique"}
    /// ```
    E004,

    /// a YAML tag is not supported
    ///
    /// A value is typed by its place, never by a tag.
    ///
    /// Fix: remove the tag.
    E005,

    /// the file holds more than one YAML document
    ///
    /// One file is one resource, or the project.
    ///
    /// Fix: remove the line `---` between them, or move the second document to a file of its own.
    E006,

    /// the file is too large, too deep, or not UTF-8
    ///
    /// A file of a spec is at most 1 MiB of UTF-8, and nested at most 32 deep.
    ///
    /// Fix: save it as UTF-8; split what is larger.
    E007,

    /// a key is unknown here, or not supported yet
    ///
    /// Nothing in a spec is ignored: a misspelt key would silently change the backend. The message says whether the
    /// key is unknown, planned, or part of the language but not of this version.
    ///
    /// Fix: correct the key. A key of your own starts with `x-`.
    ///
    /// ```yaml
    /// x-team: billing
    /// ```
    E008,

    /// a value has the wrong shape
    ///
    /// A list stands where a mapping is wanted, or the other way round.
    ///
    /// Fix: write the shape that the message names.
    ///
    /// ```yaml
    /// fields: {title: string(200)}
    /// ```
    E009,

    /// a file in `resources/` is not named like a resource
    ///
    /// The file name is the name of the resource: a plural in `snake_case` that ends in `.yaml`, without folders.
    ///
    /// Fix: rename the file, e.g. to `resources/order_items.yaml`.
    E010,

    /// something required is missing
    ///
    /// A key without which the rest has no meaning is absent or has no value.
    ///
    /// Fix: add it, or remove the key that has no value.
    ///
    /// ```yaml
    /// backendgen: 1
    /// ```
    E011,

    /// a field has an unknown type
    ///
    /// The word is neither a built-in type nor one of `types:`, or a type that this version does not support yet.
    ///
    /// Fix: use one of the types; words of other tools are translated in the help.
    ///
    /// ```yaml
    /// title: string(1..200)
    /// ```
    E012,

    /// a bracket or quote is never closed
    ///
    /// The shorthand ends inside `(…)` or `"…"`.
    ///
    /// Fix: close it.
    ///
    /// ```yaml
    /// title: string(1..5)
    /// ```
    E013,

    /// a value is missing behind `=` or a comparison
    ///
    /// A `#` after a space starts a comment in YAML, so what follows it is not part of the value.
    ///
    /// Fix: quote the whole shorthand, or write `""` for an empty text.
    ///
    /// ```yaml
    /// tint: "color = #336699"
    /// ```
    E014,

    /// one thing is said twice
    ///
    /// A modifier and a key, or two modifiers, say the same, and could disagree one day.
    ///
    /// Fix: remove one of the two.
    ///
    /// ```yaml
    /// sku: {type: string unique, doc: Printed on the label.}
    /// ```
    E015,

    /// a word is not one of the allowed values
    ///
    /// The key takes one of a few words, or the word belongs to a part of the language that this version does not
    /// support yet.
    ///
    /// Fix: use one of the words in the help.
    ///
    /// ```yaml
    /// list: {page: cursor}
    /// ```
    E016,

    /// a comma inside `{…}` has cut a shorthand in two
    ///
    /// Inside braces YAML ends a value at a comma.
    ///
    /// Fix: quote the shorthand, or write the field in block form.
    ///
    /// ```yaml
    /// state: {type: "enum(draft, published)", doc: Where it stands.}
    /// ```
    E017,

    /// a type has the wrong arguments
    ///
    /// Every type has its own arguments, and most have none.
    ///
    /// Fix: write them as in the help.
    ///
    /// ```yaml
    /// price: decimal(10,2)
    /// ```
    E018,

    /// a `?` inside `{…}` is rejected by YAML 1.1 tools
    ///
    /// The value is read as you mean it, but linters and older readers stop there.
    ///
    /// Fix: quote the shorthand or use block form; `backendgen fmt` does it.
    ///
    /// ```yaml
    /// author: {type: "ref(users)?", on_delete: `set_null`}
    /// ```
    W018,

    /// a key or modifier does not work on this type
    ///
    /// It would have no meaning there.
    ///
    /// Fix: remove it, or use what the help names.
    ///
    /// ```yaml
    /// title: string(1..200)
    /// ```
    E019,

    /// a number starts with a zero
    ///
    /// Some tools read `0755` as octal. Here it is the decimal number 755.
    ///
    /// Fix: remove the zero, or make the field a string.
    W019,

    /// a modifier is unknown
    ///
    /// Behind the type stand `required`, `unique`, `index`, `immutable`, `readonly`, `writeonly`, `private`,
    /// `sensitive`, `inverse(…)`, bounds and, last, a default.
    ///
    /// Fix: use one of them; that a column may be null is a `?` directly behind the type.
    ///
    /// ```yaml
    /// note: string? index
    /// ```
    E020,

    /// two access words exclude each other
    ///
    /// A field is immutable, readonly, writeonly or private, and only one of these.
    ///
    /// Fix: keep one of the two.
    E021,

    /// an access word is unknown
    ///
    /// `access:` says who may set and see a field.
    ///
    /// Fix: use readwrite, immutable, readonly, writeonly or private.
    ///
    /// ```yaml
    /// access: readonly
    /// ```
    E022,

    /// the version of the spec is not supported
    ///
    /// `backendgen:` is the version of the language, not that of the tool.
    ///
    /// Fix: write `backendgen: 1`.
    ///
    /// ```yaml
    /// backendgen: 1
    /// ```
    E023,

    /// a database is unknown
    ///
    /// `postgresql`, `mysql` (which covers MariaDB) and `sqlite` are supported.
    ///
    /// Fix: use one of these; the first entry is production.
    ///
    /// ```yaml
    /// databases: [postgresql, sqlite]
    /// ```
    E024,

    /// a named type has the name of a built-in type
    ///
    /// A reader could not tell which one is meant.
    ///
    /// Fix: choose another name.
    ///
    /// ```yaml
    /// types: {short_text: string(80)}
    /// ```
    E025,

    /// a type cannot be an id
    ///
    /// An id is an int, bigint, uuid, uuid4 or string(n).
    ///
    /// Fix: use one of these.
    ///
    /// ```yaml
    /// id: uuid
    /// ```
    E026,

    /// a mixin is unknown
    ///
    /// `include:` names mixins of `backendgen.yaml`.
    ///
    /// Fix: correct the name, or define the mixin in `mixins:`.
    ///
    /// ```yaml
    /// include: [address]
    /// ```
    E027,

    /// a no-break space stands after a colon
    ///
    /// It looks like a space, but YAML does not take it for one, so the key has no end.
    ///
    /// Fix: replace it by an ordinary space.
    E028,

    /// a version of Python is not supported
    ///
    /// The generated backend needs Python 3.11 or newer.
    ///
    /// Fix: raise the version.
    ///
    /// ```yaml
    /// python: "3.11"
    /// ```
    E029,

    /// an owner of files is unknown
    ///
    /// A file is `generated` (always rewritten), `merged` (with your edits) or `yours` (written once).
    ///
    /// Fix: use one of these.
    ///
    /// ```yaml
    /// ownership: {compose.yaml: yours}
    /// ```
    E030,

    /// a line of `ownership:` matches no file
    ///
    /// The files it was written for do not exist, or no longer.
    ///
    /// Fix: correct the pattern, or remove the line.
    ///
    /// ```yaml
    /// ownership: {"app/core/**": merged}
    /// ```
    W031,

    /// a feature is unknown, or not supported yet
    ///
    /// `features:` lists the optional parts of the backend.
    ///
    /// Fix: use one of metrics, docker, ci, `pre_commit` and `api_keys`.
    ///
    /// ```yaml
    /// features: [metrics, docker]
    /// ```
    E032,

    /// a feature needs another one
    ///
    /// The feature cannot work alone.
    ///
    /// Fix: add what the message names, or remove the feature.
    E033,

    /// a file cannot change its owner
    ///
    /// Only files that are generated or merged by default can be given another owner; migrations are a record, and
    /// your files are yours.
    ///
    /// Fix: remove the line.
    E034,

    /// a name has the wrong form
    ///
    /// Names are in `snake_case`: small letters, digits and single `_`, starting with a letter, at most 50
    /// characters.
    ///
    /// Fix: rename it.
    ///
    /// ```yaml
    /// fields: {first_name: string}
    /// ```
    E101,

    /// a name is reserved in Python, Pydantic or SQLAlchemy
    ///
    /// The generated attribute gets a `_`; JSON and column keep the name.
    ///
    /// Nothing is wrong.
    I101,

    /// a table is used twice, or by backendgen itself
    ///
    /// Two resources would write into one table.
    ///
    /// Fix: set `table:` on one of them.
    ///
    /// ```yaml
    /// table: blog_posts
    /// ```
    E103,

    /// two things give the same class
    ///
    /// The generated classes would overwrite each other.
    ///
    /// Fix: set `singular:` on one of the resources.
    ///
    /// ```yaml
    /// singular: article
    /// ```
    E104,

    /// a field collides with a column that backendgen makes
    ///
    /// The name is taken by the id, a timestamp, the version, or the column of a reference.
    ///
    /// Fix: rename or remove the field, or switch the feature off.
    ///
    /// ```yaml
    /// timestamps: false
    /// ```
    E105,

    /// a join table has the name of a resource's table
    ///
    /// The link between two resources would be stored in the table of a third.
    ///
    /// Fix: set `join_table:`.
    ///
    /// ```yaml
    /// tags: {type: many(tags), join_table: post_tag_links}
    /// ```
    E106,

    /// two enum values give the same Python name
    ///
    /// The members of the generated enum must differ in letters and digits.
    ///
    /// Fix: rename one of them.
    E109,

    /// a file name does not look like a plural
    ///
    /// Resources are named in the plural: class and columns are named after the singular.
    ///
    /// Fix: rename the file, or set `singular:` to say what one of them is called.
    ///
    /// ```yaml
    /// singular: equipment
    /// ```
    W110,

    /// a resource name is used by backendgen's own routes
    ///
    /// Or Windows cannot have a file of that name.
    ///
    /// Fix: rename the file; `table:` keeps the name of the table.
    ///
    /// ```yaml
    /// table: auth
    /// ```
    E111,

    /// a class has the name of an import in generated code
    ///
    /// The generated module would hide the import.
    ///
    /// Fix: set `singular:`.
    ///
    /// ```yaml
    /// singular: calendar_date
    /// ```
    E112,

    /// a value is not of the wanted type
    ///
    /// YAML 1.1 words such as `yes` and numbers such as `1e3` are text here, because readers disagree about them.
    ///
    /// Fix: write it in the form that the help shows.
    ///
    /// ```yaml
    /// soft_delete: true
    /// ```
    E201,

    /// a value is not one of the enum
    ///
    /// A default or example must be a value of the field.
    ///
    /// Fix: use one of the values.
    ///
    /// ```yaml
    /// status: enum(draft, paid) = draft
    /// ```
    E202,

    /// an enum value is listed twice
    ///
    /// The second one could never be told from the first.
    ///
    /// Fix: remove one of the two.
    E203,

    /// an enum has no values
    ///
    /// No row could ever be created.
    ///
    /// Fix: write its values.
    ///
    /// ```yaml
    /// status: enum(draft, published)
    /// ```
    E204,

    /// the default is null, but the field cannot be null
    ///
    /// A row that takes the default would be refused by the database.
    ///
    /// Fix: write `?` after the type, or another default.
    ///
    /// Fix: write `?` after the type.
    ///
    /// ```yaml
    /// note: string? = null
    /// ```
    E205,

    /// a required field has a default
    ///
    /// Clients must send the field, so its default only fills the rows that exist when the column is added.
    ///
    /// Fix: remove `required` if clients may leave it out.
    W205,

    /// a minimum is above its maximum
    ///
    /// No value fits.
    ///
    /// Fix: swap the two.
    ///
    /// ```yaml
    /// title: string(1..200)
    /// ```
    E206,

    /// the scale of a decimal is larger than its precision
    ///
    /// `decimal(p,s)` has p digits, and s of them stand after the point.
    ///
    /// Fix: raise the precision or lower the scale.
    ///
    /// ```yaml
    /// price: decimal(10,2)
    /// ```
    E207,

    /// a value does not fit
    ///
    /// It is out of the range of the type, has too many decimal places, or breaks the field's own bounds.
    ///
    /// Fix: use a larger type or another value.
    ///
    /// ```yaml
    /// views: bigint
    /// ```
    E208,

    /// nothing can ever set the field
    ///
    /// Clients may not send it, it cannot be null and has no default.
    ///
    /// Fix: give it a default, a `?`, or a hook that sets it.
    ///
    /// ```yaml
    /// number: string readonly = none
    /// ```
    E209,

    /// money has no currency
    ///
    /// Amounts without currency cannot be compared.
    ///
    /// Fix: write `money(EUR)`, or set `api.currency` in `backendgen.yaml`.
    ///
    /// ```yaml
    /// api: {currency: EUR}
    /// ```
    E210,

    /// a pattern cannot be used
    ///
    /// Pydantic's regular expressions have no look-around and no back-references, so that matching takes linear
    /// time.
    ///
    /// Fix: write a rule or a hook for what the pattern cannot say.
    ///
    /// ```yaml
    /// sku: {type: string, pattern: "^[A-Z0-9-]+$"}
    /// ```
    E211,

    /// the default does not match the pattern of its field
    ///
    /// The first row that takes the default would be invalid.
    ///
    /// Fix: change one of the two.
    E212,

    /// a hidden field cannot be filtered, sorted or searched by
    ///
    /// Sensitive, writeonly and private fields would leak through the answers to such questions.
    ///
    /// Fix: take it out of the list.
    E213,

    /// `unique` does not work on this type
    ///
    /// Equality of these values is not what an index compares.
    ///
    /// Fix: remove `unique`.
    E214,

    /// a computed field counts something that is not a to-many relation
    ///
    /// Aggregates need a relation to many rows.
    ///
    /// Fix: name the inverse of a reference, or a `many` field.
    ///
    /// ```yaml
    /// comments_count: {computed: count(comments)}
    /// ```
    E215,

    /// a computed field cannot be stored
    ///
    /// A stored value must not change by itself, or read other rows.
    ///
    /// Fix: remove `stored: true`.
    E216,

    /// a slug is made from something that is not a text field
    ///
    /// The source of a slug is a text field of the same resource.
    ///
    /// Fix: correct the name.
    ///
    /// ```yaml
    /// slug: slug(title)
    /// ```
    E217,

    /// a named type refers to itself
    ///
    /// It would never end in a built-in type.
    ///
    /// Fix: break the cycle.
    E218,

    /// `password` only works on the resource of `auth.user`
    ///
    /// It is hashed and checked by the login.
    ///
    /// Fix: for another secret write `string writeonly sensitive`.
    ///
    /// ```yaml
    /// pin: string(4..8) writeonly sensitive
    /// ```
    E219,

    /// a field has a pattern and no example
    ///
    /// The generated tests need a value that matches.
    ///
    /// Fix: add `example:`.
    ///
    /// ```yaml
    /// sku: {type: string, pattern: "^[A-Z]+$", example: ABC}
    /// ```
    W220,

    /// a field becomes required and the table may have rows
    ///
    /// The migration needs a value for the rows that exist.
    ///
    /// Fix: give the migration a value with `--fill`, or write a default.
    ///
    /// ```yaml
    /// state: string = new
    /// ```
    W230,

    /// a reference names an unknown resource
    ///
    /// A reference names a file of `resources/`, in the plural.
    ///
    /// Fix: correct the name, or add the resource.
    ///
    /// ```yaml
    /// author: ref(users)
    /// ```
    E301,

    /// a reference is named like its column
    ///
    /// The column and the JSON property `author_id` come from the reference `author`.
    ///
    /// Fix: name the reference after the object.
    ///
    /// ```yaml
    /// author: ref(users)
    /// ```
    E302,

    /// two references give the same inverse
    ///
    /// The second reference to one target needs a name for the list on the target.
    ///
    /// Fix: write `inverse(name)`, or `inverse(none)`.
    ///
    /// ```yaml
    /// editor: ref(users)? inverse(edited_posts)
    /// ```
    E303,

    /// `set_null` on a reference that cannot be null
    ///
    /// The delete would always fail.
    ///
    /// Fix: make the reference nullable, or use restrict or cascade.
    ///
    /// ```yaml
    /// author: {type: "ref(users)?", on_delete: `set_null`}
    /// ```
    E304,

    /// required references form a cycle
    ///
    /// No first row can be inserted.
    ///
    /// Fix: make one of them nullable with `?`.
    E305,

    /// a required reference to itself
    ///
    /// No first row can be inserted.
    ///
    /// Fix: make it nullable with `?`.
    ///
    /// ```yaml
    /// parent: ref(self)? inverse(children)
    /// ```
    E306,

    /// a soft delete does not reach the rows that cascade
    ///
    /// Deleting the parent only hides it, and its children cannot be hidden.
    ///
    /// Fix: add `soft_delete: true` to the children.
    ///
    /// ```yaml
    /// soft_delete: true
    /// ```
    W307,

    /// a join resource does not have exactly one reference to each side
    ///
    /// `through:` needs to know which reference is which.
    ///
    /// Fix: give the join resource one reference to each side.
    E308,

    /// `many` does not take this
    ///
    /// A many-to-many field has no column of its own.
    ///
    /// Fix: remove it.
    ///
    /// ```yaml
    /// tags: many(tags)
    /// ```
    E309,

    /// a word for `on_delete` is unknown
    ///
    /// It says what happens to a row when the row that it refers to is deleted.
    ///
    /// Fix: use restrict, cascade, `set_null` or `no_action`.
    ///
    /// ```yaml
    /// on_delete: cascade
    /// ```
    E310,

    /// two references of a resource are `nested: only`
    ///
    /// All its routes can live below one parent only.
    ///
    /// Fix: write `nested: true` on one of them.
    E312,

    /// a resource without tenant refers to one that has a tenant
    ///
    /// The reference would leave the tenant.
    ///
    /// Fix: remove `tenant: none`, or the reference.
    E313,

    /// a field is unknown here
    ///
    /// The name is not a field of the resource.
    ///
    /// Fix: correct the name.
    ///
    /// ```yaml
    /// unique: [[project, number]]
    /// ```
    E401,

    /// a field is listed twice
    ///
    /// The second one has no meaning.
    ///
    /// Fix: remove one of the two.
    E402,

    /// rows with a null never collide in a unique
    ///
    /// SQL holds two nulls to be different.
    ///
    /// Fix: write `nulls: equal` if they should collide, or make the field required.
    ///
    /// ```yaml
    /// unique: [{fields: [parent, name], nulls: equal}]
    /// ```
    W403,

    /// an ordinary index on a text field is of no use
    ///
    /// The values are too long for it.
    ///
    /// Fix: use the method trigram or gin on PostgreSQL, or remove the index.
    ///
    /// ```yaml
    /// indexes: [{fields: [title], method: trigram}]
    /// ```
    E409,

    /// a rule cannot be read
    ///
    /// Something stands where the grammar of rules has no place for it.
    ///
    /// Fix: correct the rule; text stands in single quotes.
    ///
    /// ```yaml
    /// rules: [ends_at > starts_at]
    /// ```
    E410,

    /// `=` is not an operator
    ///
    /// Rules compare with `==`.
    ///
    /// Fix: write `==`.
    ///
    /// ```yaml
    /// rules: ["status == 'draft'"]
    /// ```
    E411,

    /// division is not part of the rule language
    ///
    /// Databases disagree about `-7 / 2`.
    ///
    /// Fix: multiply the other side instead.
    ///
    /// ```yaml
    /// rules: [a > 2 * b]
    /// ```
    E412,

    /// a value is never equal to null
    ///
    /// In SQL a comparison with null is neither true nor false.
    ///
    /// Fix: write `is null` or `is not null`.
    ///
    /// ```yaml
    /// rules: [shipped_at is not null]
    /// ```
    E413,

    /// a rule mixes types
    ///
    /// Numbers, texts, dates and the like do not compare with each other, and a rule as a whole is true or false.
    ///
    /// Fix: compare values of one type.
    ///
    /// ```yaml
    /// rules: [ends_at > starts_at]
    /// ```
    E414,

    /// an enum value stands without quotes
    ///
    /// Without quotes it is the name of a field.
    ///
    /// Fix: put it in single quotes.
    ///
    /// ```yaml
    /// rules: ["status == 'draft'"]
    /// ```
    E415,

    /// a text is not a value of the enum
    ///
    /// The comparison could never be true.
    ///
    /// Fix: use one of the values.
    E416,

    /// values of this type have no order in a rule
    ///
    /// The order of texts depends on the collation of the database.
    ///
    /// Fix: compare with `==` or `!=`.
    E417,

    /// a function is unknown
    ///
    /// Rules know length, lower, upper, abs, coalesce, present, now and today.
    ///
    /// Fix: use one of these.
    ///
    /// ```yaml
    /// rules: [length(title) > 3]
    /// ```
    E418,

    /// a function has the wrong number of arguments
    ///
    /// `length`, `lower`, `upper` and `abs` take one, `now` and `today` none, `coalesce` and `present` several.
    ///
    /// Fix: correct the arguments.
    E419,

    /// a rule mentions no field
    ///
    /// It is true or false for every row.
    ///
    /// Fix: remove the rule, or name a field.
    E420,

    /// a rule cannot read this field
    ///
    /// A list of related rows is not part of the row.
    ///
    /// Fix: use a field of the row itself.
    E421,

    /// the required example row breaks a rule
    ///
    /// The generated tests create a row from the examples of the required fields, and the rule refuses it.
    ///
    /// Fix: give the fields an `example:` that satisfies the rule.
    ///
    /// ```yaml
    /// amount: {type: int, example: 20}
    /// ```
    E422,

    /// the full example row breaks a rule
    ///
    /// The generated tests then use the required fields only.
    ///
    /// Fix: give the fields an `example:` that satisfies the rule.
    W423,

    /// a permission needs `auth:`
    ///
    /// Without `auth:` everybody is anonymous.
    ///
    /// Fix: add `auth:` to `backendgen.yaml`, or use `public` or `nobody`.
    ///
    /// ```yaml
    /// auth: {user: users}
    /// ```
    E501,

    /// a role is unknown
    ///
    /// Roles are listed in `auth.roles`.
    ///
    /// Fix: correct the name, or add the role.
    ///
    /// ```yaml
    /// auth: {user: users, roles: [user, admin]}
    /// ```
    E502,

    /// `owner` is used but the resource has none
    ///
    /// Nothing says who owns a row.
    ///
    /// Fix: add `owner:`.
    ///
    /// ```yaml
    /// owner: author
    /// ```
    E503,

    /// `owner:` does not name a reference to the user
    ///
    /// The owner of a row is a user, or the row itself with `self`.
    ///
    /// Fix: name a reference to the resource of `auth.user`.
    ///
    /// ```yaml
    /// owner: author
    /// ```
    E504,

    /// an action in `permissions:` is unknown
    ///
    /// The keys are operations, `read`, `write` and `all`.
    ///
    /// Fix: correct the key.
    ///
    /// ```yaml
    /// permissions: {read: public, write: owner}
    /// ```
    E505,

    /// a permission is for an operation that is off
    ///
    /// It never counts.
    ///
    /// Fix: remove it, or switch the operation on.
    W506,

    /// the user resource needs a field of the type `role`
    ///
    /// With two or more roles a user must have one.
    ///
    /// Fix: add the field, and let only an admin write it.
    ///
    /// ```yaml
    /// role: {type: role, permissions: {write: admin}}
    /// ```
    E507,

    /// the login field must exist and be unique
    ///
    /// Otherwise a login would not say who it is.
    ///
    /// Fix: add it, or set `auth.login`.
    ///
    /// ```yaml
    /// email: email unique
    /// ```
    E508,

    /// the owner of a row can be null
    ///
    /// Such rows belong to nobody, and no owner may change them.
    ///
    /// Fix: remove the `?`.
    W509,

    /// anybody on the internet may change rows
    ///
    /// A `public` permission to write needs no login.
    ///
    /// Fix: use `authenticated`, `owner` or a role; `x-allow: [W510]` says that it is meant.
    ///
    /// ```yaml
    /// permissions: {write: authenticated}
    /// ```
    W510,

    /// `tenant` needs a `tenancy:` section
    ///
    /// Without it no resource is a tenant.
    ///
    /// Fix: remove `tenant:`, or add `tenancy:` to `backendgen.yaml`.
    E511,

    /// the role field of the members is not the enum of `tenancy.roles`
    ///
    /// The roles of a tenant are stored there.
    ///
    /// Fix: make it an enum of exactly these values.
    E512,

    /// nobody owns a row before it exists
    ///
    /// The owner is set from the token when a row is created.
    ///
    /// Fix: use `authenticated` for `create`.
    ///
    /// ```yaml
    /// permissions: {create: authenticated}
    /// ```
    E513,

    /// a permission cannot be read
    ///
    /// A permission is a list of alternatives with `|` between them.
    ///
    /// Fix: write public, authenticated, owner, nobody or roles.
    ///
    /// ```yaml
    /// permissions: {update: owner | admin}
    /// ```
    E514,

    /// anybody may give themselves any role
    ///
    /// The field of the role is writable by the users themselves.
    ///
    /// Fix: add a permission to write it, or `readonly`.
    ///
    /// ```yaml
    /// role: {type: role, permissions: {write: admin}}
    /// ```
    E515,

    /// a public cache on something that not everybody may read
    ///
    /// A shared cache would show it to everybody.
    ///
    /// Fix: use `scope: private`.
    E516,

    /// everybody who is logged in may change every row
    ///
    /// Users are not kept from the rows of others.
    ///
    /// Fix: add `owner:`, or name a role; `x-allow: [W517]` says that it is meant.
    ///
    /// ```yaml
    /// owner: author
    /// ```
    W517,

    /// one user could be a member twice
    ///
    /// Nothing says which of the two roles counts.
    ///
    /// Fix: add a unique over the reference to the user.
    ///
    /// ```yaml
    /// unique: [[user]]
    /// ```
    E518,

    /// `member` does not work on a resource without tenant
    ///
    /// There is nothing to be a member of.
    ///
    /// Fix: use another permission.
    E519,

    /// nothing says who may do something
    ///
    /// With `auth:` every action has a written permission, so that none is open by accident.
    ///
    /// Fix: add `permissions:` to the resource, or `auth.permissions`.
    ///
    /// ```yaml
    /// permissions: {read: public, write: owner}
    /// ```
    E520,

    /// an operation is unknown
    ///
    /// The operations are list, get, create, update, replace, delete, restore and purge.
    ///
    /// Fix: use one of these.
    ///
    /// ```yaml
    /// operations: [list, get]
    /// ```
    E601,

    /// `restore` and `purge` need `soft_delete`
    ///
    /// Without it a deleted row is gone.
    ///
    /// Fix: add `soft_delete: true`.
    ///
    /// ```yaml
    /// soft_delete: true
    /// ```
    E602,

    /// `search` only works on text
    ///
    /// `?q=` looks for words.
    ///
    /// Fix: take the field out of `search`.
    ///
    /// ```yaml
    /// list: {search: [title]}
    /// ```
    E603,

    /// `default_sort` uses a field that cannot be sorted by
    ///
    /// The default would not be one of the choices.
    ///
    /// Fix: add the field to `sort`.
    ///
    /// ```yaml
    /// list: {sort: [created_at], default_sort: -created_at}
    /// ```
    E604,

    /// the settings of a list contradict each other
    ///
    /// A default page is larger than the largest one, or a setting has no meaning in this mode.
    ///
    /// Fix: change one of the two.
    ///
    /// ```yaml
    /// list: {page_size: 20, max_page_size: 100}
    /// ```
    E605,

    /// cursor pages cannot sort by this field
    ///
    /// A cursor needs a position, and a null has none.
    ///
    /// Fix: make the field required, or use offset pages.
    ///
    /// ```yaml
    /// list: {page: cursor, sort: [created_at]}
    /// ```
    E606,

    /// `states.field` does not name an enum field
    ///
    /// The states are the values of an enum.
    ///
    /// Fix: name an enum field.
    E607,

    /// a field is writable although `states` controls it
    ///
    /// Clients could go around the transitions.
    ///
    /// Fix: make it readonly.
    W607,

    /// a state is unknown
    ///
    /// States are the values of the enum.
    ///
    /// Fix: correct the name.
    E608,

    /// no transition leads to a state
    ///
    /// No row can ever get there.
    ///
    /// Fix: add a transition, or remove the value.
    W609,

    /// a transition needs a route that is taken
    ///
    /// Its name is the last word of its route.
    ///
    /// Fix: rename the transition.
    E610,

    /// the initial state is not the default of its field
    ///
    /// A new row can only have one of the two.
    ///
    /// Fix: remove one of the two.
    E611,

    /// a transition cannot be read
    ///
    /// It says from which states to which.
    ///
    /// Fix: write the states around `->`.
    ///
    /// ```yaml
    /// publish: draft -> published
    /// ```
    E612,

    /// a rate cannot be read
    ///
    /// A rate is a number of requests per second, minute, hour or day.
    ///
    /// Fix: write it with a `/`.
    ///
    /// ```yaml
    /// defaults: {rate_limit: 100/minute}
    /// ```
    E613,

    /// a hook is unknown
    ///
    /// Hooks are before and after create, update and delete, and `scope`.
    ///
    /// Fix: use one of these.
    ///
    /// ```yaml
    /// hooks: [before_create]
    /// ```
    E614,

    /// `get_by` needs a unique field
    ///
    /// Otherwise the route could find two rows.
    ///
    /// Fix: make the field unique.
    ///
    /// ```yaml
    /// slug: slug(title) unique
    /// ```
    E615,

    /// a field is named like a query parameter
    ///
    /// Rows are filtered by it with an operator only, as in `limit__eq`.
    ///
    /// Nothing is wrong.
    I617,

    /// a field can be filtered by but has no index
    ///
    /// On large tables such a filter reads every row.
    ///
    /// Fix: add an index, or take the field out of `list.filter`.
    ///
    /// ```yaml
    /// indexes: [[customer]]
    /// ```
    I620,

    /// MySQL cannot index a text field
    ///
    /// `text` has no fixed length there.
    ///
    /// Fix: use `string(n)` with n up to 768.
    ///
    /// ```yaml
    /// slug: string(200) unique
    /// ```
    E701,

    /// a field is too long for a MySQL index
    ///
    /// The limit is 768 characters for all fields of an index.
    ///
    /// Fix: shorten it, or drop `unique` or `index`.
    ///
    /// ```yaml
    /// code: string(200) unique
    /// ```
    E702,

    /// a row is too large for MySQL
    ///
    /// The columns of a row may need 65535 bytes, at four bytes a character.
    ///
    /// Fix: turn long strings into `text`.
    ///
    /// ```yaml
    /// body: text
    /// ```
    E703,

    /// SQLite stores decimals as floats
    ///
    /// It keeps 15 digits of them.
    ///
    /// Fix: fewer digits, or another database for what must be exact.
    W704,

    /// `nulls: equal` is not safe over this reference on MySQL
    ///
    /// The index would go stale when a delete sets the reference to null.
    ///
    /// Fix: use restrict or cascade.
    ///
    /// ```yaml
    /// parent: {type: "ref(self)?", inverse: children, on_delete: restrict}
    /// ```
    E705,

    /// MySQL has no partial unique indexes
    ///
    /// Only those of soft deletes are emulated.
    ///
    /// Fix: drop `where`, or drop mysql from `databases`.
    E706,

    /// MySQL has no partial indexes
    ///
    /// There the whole table is indexed.
    ///
    /// Nothing is wrong; `x-allow: [W706]` says that you know.
    W706,

    /// MySQL ignores trailing spaces in a unique
    ///
    /// Two values that differ in trailing spaces only collide there.
    ///
    /// Fix: remove `trim: false`.
    W707,

    /// `storage: native` only exists on PostgreSQL
    ///
    /// Another database is listed.
    ///
    /// Fix: remove it, or drop the other databases.
    E711,

    /// a name in the database is longer than 63 characters
    ///
    /// It is cut, and ends in a hash.
    ///
    /// Fix: set `name:` to choose the name.
    ///
    /// ```yaml
    /// unique: [{fields: [a, b], name: uq_pairs}]
    /// ```
    W803,

    /// a rule is checked by the API only
    ///
    /// A CHECK could not hold it, on all or some databases.
    ///
    /// Nothing is wrong.
    I901,

    /// an index exists on some databases only
    ///
    /// The others do not have this method.
    ///
    /// Nothing is wrong.
    I902,

    /// a field disappears and another of the same type appears
    ///
    /// It may have been renamed, and its data would be lost.
    ///
    /// Fix: if so, add `renamed_from:`.
    ///
    /// ```yaml
    /// title: {type: string, renamed_from: summary}
    /// ```
    W930,

    /// a `renamed_from` has been applied
    ///
    /// It does nothing any more.
    ///
    /// Fix: remove it.
    I931,

    /// a field is renamed from one that still exists
    ///
    /// Both cannot have the data.
    ///
    /// Fix: remove one of the two.
    E932,

    /// two fields are renamed from the same one
    ///
    /// Both cannot have the data.
    ///
    /// Fix: remove one of the two.
    E933,

    /// the table has both the old and the new name
    ///
    /// The rename has been done by other means, or halfway.
    ///
    /// Fix: move the data in a migration, then drop the old column.
    E934,

    /// a file of seeds belongs to no resource
    ///
    /// Its name is the name of a resource.
    ///
    /// Fix: rename the file.
    E950,

    /// a row of the seeds is unknown
    ///
    /// A reference names the `_key` of another row.
    ///
    /// Fix: correct the name.
    ///
    /// ```yaml
    /// author: $ann
    /// ```
    E951,

    /// a key of the seeds is used twice
    ///
    /// A reference to it would name two rows.
    ///
    /// Fix: rename one of the two.
    E952,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_it_means_and_what_to_do() {
        for code in Code::ALL {
            let explanation = code.explanation();
            let says_what_to_do = explanation.contains("\nFix: ") || explanation.contains("\nNothing is wrong");
            assert!(says_what_to_do, "{code}: {explanation}");
            assert!(explanation.lines().next().is_some_and(|title| !title.ends_with('.')), "{code}");
        }
    }

    #[test]
    fn codes_are_found_in_any_case() {
        assert_eq!(Code::named("e301"), Some(Code::E301));
        assert_eq!(Code::named("E999"), None);
        assert_eq!(Code::W110.severity(), Severity::Warning);
    }
}
