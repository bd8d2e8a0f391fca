//! Singular and plural of resource names. Everything comes from the tables of this file, and only the last word of a
//! `snake_case` name changes.

/// The singular of a resource name: `invoice_lines` gives `invoice_line`.
#[must_use]
pub fn singular(name: &str) -> String {
    with_last_word(name, singular_word)
}

/// The plural of a singular: `invoice_line` gives `invoice_lines`.
#[must_use]
pub fn plural(name: &str) -> String {
    with_last_word(name, plural_word)
}

/// Whether the name is a plural that the tables know how to undo.
#[must_use]
pub fn is_plural(name: &str) -> bool {
    let word = last_word(name);
    if UNCOUNTABLE.contains(&word) {
        return true;
    }
    let singular = singular_word(word);
    singular != word && (plural_word(&singular) == word || is_second_plural(&singular, word))
}

fn last_word(name: &str) -> &str {
    name.rsplit('_').next().unwrap_or(name)
}

fn with_last_word(name: &str, inflect: fn(&str) -> String) -> String {
    let word = last_word(name);
    let front = &name[..name.len() - word.len()];
    format!("{front}{}", inflect(word))
}

fn singular_word(word: &str) -> String {
    if UNCOUNTABLE.contains(&word) {
        return word.to_owned();
    }
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    let singular = replace_suffix(SINGULAR_RULES, word);
    singular.filter(|singular| !singular.is_empty()).unwrap_or_else(|| word.to_owned())
}

fn plural_word(word: &str) -> String {
    if UNCOUNTABLE.contains(&word) {
        return word.to_owned();
    }
    let irregular =
        IRREGULAR.iter().find(|(plural, singular)| *singular == word && !is_second_plural(singular, plural));
    match irregular {
        Some((plural, _)) => (*plural).to_owned(),
        None => replace_suffix(PLURAL_RULES, word).unwrap_or_else(|| format!("{word}s")),
    }
}

fn is_second_plural(singular: &str, plural: &str) -> bool {
    SECOND_PLURALS.iter().any(|&(known, second)| known == singular && second == plural)
}

/// Replaces the end of a word whose stem, the part before it, ends in a certain way.
struct SuffixRule {
    stem: Stem,
    suffix: &'static str,
    replacement: &'static str,
}

/// How the part before the suffix must end.
enum Stem {
    Any,
    EndsIn(&'static [&'static str]),
    ConsonantOrQu,
}

impl Stem {
    fn fits(&self, stem: &str) -> bool {
        match self {
            Self::Any => true,
            Self::EndsIn(endings) => endings.iter().any(|ending| stem.ends_with(ending)),
            Self::ConsonantOrQu => {
                stem.ends_with("qu") || stem.chars().next_back().is_some_and(|last| !"aeiou".contains(last))
            }
        }
    }
}

fn replace_suffix(rules: &[SuffixRule], word: &str) -> Option<String> {
    rules.iter().find_map(|rule| {
        let stem = word.strip_suffix(rule.suffix)?;
        rule.stem.fits(stem).then(|| format!("{stem}{}", rule.replacement))
    })
}

const fn rule(stem: Stem, suffix: &'static str, replacement: &'static str) -> SuffixRule {
    SuffixRule { stem, suffix, replacement }
}

/// Stems of words in `-o` whose plural ends in `-oes`.
const O_STEMS: &[&str] = &[
    "buffal", "carg", "domin", "ech", "embarg", "her", "mang", "mosquit", "potat", "tomat", "torped", "tornad", "vet",
    "volcan", "zer",
];

/// Stems of words in `-us` whose plural ends in `-uses`.
const US_STEMS: &[&str] = &[
    "abac", "apparat", "bon", "cact", "calcul", "camp", "cens", "chor", "circ", "consens", "corp", "foc", "geni",
    "hiat", "loc", "lot", "min", "nex", "octop", "pl", "prospect", "radi", "sin", "stat", "syllab", "termin",
    "thesaur", "vir",
];

const SINGULAR_RULES: &[SuffixRule] = &[
    rule(Stem::Any, "people", "person"),
    rule(Stem::Any, "children", "child"),
    rule(Stem::Any, "women", "woman"),
    rule(Stem::EndsIn(&["ss", "sh", "x", "zz"]), "es", ""),
    rule(Stem::EndsIn(US_STEMS), "uses", "us"),
    rule(Stem::Any, "ches", "ch"),
    rule(Stem::ConsonantOrQu, "ies", "y"),
    rule(Stem::EndsIn(O_STEMS), "oes", "o"),
    rule(Stem::EndsIn(&["ss", "us", "is"]), "", ""),
    rule(Stem::Any, "s", ""),
];

const PLURAL_RULES: &[SuffixRule] = &[
    rule(Stem::Any, "person", "people"),
    rule(Stem::Any, "child", "children"),
    rule(Stem::Any, "woman", "women"),
    rule(Stem::EndsIn(&["s", "x", "z", "ch", "sh"]), "", "es"),
    rule(Stem::ConsonantOrQu, "y", "ies"),
    rule(Stem::EndsIn(O_STEMS), "o", "oes"),
    rule(Stem::Any, "", "s"),
];

const UNCOUNTABLE: &[&str] = &[
    "advice",
    "aircraft",
    "analytics",
    "audio",
    "chassis",
    "clothes",
    "data",
    "deer",
    "equipment",
    "evidence",
    "feedback",
    "firmware",
    "fish",
    "furniture",
    "gas",
    "goods",
    "hardware",
    "headquarters",
    "homework",
    "information",
    "knowledge",
    "logistics",
    "luggage",
    "mathematics",
    "means",
    "media",
    "merchandise",
    "metadata",
    "money",
    "music",
    "news",
    "personnel",
    "physics",
    "police",
    "research",
    "rice",
    "scissors",
    "series",
    "sheep",
    "sms",
    "software",
    "species",
    "staff",
    "traffic",
    "trousers",
    "weather",
];

/// Plural and singular.
const IRREGULAR: &[(&str, &str)] = &[
    ("aches", "ache"),
    ("aliases", "alias"),
    ("alumni", "alumnus"),
    ("analyses", "analysis"),
    ("apis", "api"),
    ("appendices", "appendix"),
    ("atlases", "atlas"),
    ("avalanches", "avalanche"),
    ("axes", "axis"),
    ("bacteria", "bacterium"),
    ("biases", "bias"),
    ("bikinis", "bikini"),
    ("brownies", "brownie"),
    ("bureaus", "bureau"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("cacti", "cactus"),
    ("calories", "calorie"),
    ("calves", "calf"),
    ("canoes", "canoe"),
    ("canvases", "canvas"),
    ("children", "child"),
    ("cliches", "cliche"),
    ("codices", "codex"),
    ("cookies", "cookie"),
    ("corpora", "corpus"),
    ("cpus", "cpu"),
    ("crises", "crisis"),
    ("criteria", "criterion"),
    ("curricula", "curriculum"),
    ("diagnoses", "diagnosis"),
    ("dice", "die"),
    ("dois", "doi"),
    ("ellipses", "ellipsis"),
    ("elves", "elf"),
    ("emojis", "emoji"),
    ("emphases", "emphasis"),
    ("emus", "emu"),
    ("feet", "foot"),
    ("foci", "focus"),
    ("formulae", "formula"),
    ("freebies", "freebie"),
    ("fungi", "fungus"),
    ("gases", "gas"),
    ("geese", "goose"),
    ("genera", "genus"),
    ("genies", "genie"),
    ("gnus", "gnu"),
    ("gpus", "gpu"),
    ("guis", "gui"),
    ("gurus", "guru"),
    ("haikus", "haiku"),
    ("halves", "half"),
    ("headaches", "headache"),
    ("hoodies", "hoodie"),
    ("hooves", "hoof"),
    ("hypotheses", "hypothesis"),
    ("indices", "index"),
    ("kiwis", "kiwi"),
    ("knives", "knife"),
    ("kpis", "kpi"),
    ("leaves", "leaf"),
    ("lenses", "lens"),
    ("lies", "lie"),
    ("lives", "life"),
    ("loaves", "loaf"),
    ("matrices", "matrix"),
    ("memoranda", "memorandum"),
    ("men", "man"),
    ("menus", "menu"),
    ("mice", "mouse"),
    ("minibuses", "minibus"),
    ("movies", "movie"),
    ("newbies", "newbie"),
    ("niches", "niche"),
    ("nuclei", "nucleus"),
    ("oases", "oasis"),
    ("oxen", "ox"),
    ("parentheses", "parenthesis"),
    ("people", "person"),
    ("phenomena", "phenomenon"),
    ("pies", "pie"),
    ("plateaus", "plateau"),
    ("pois", "poi"),
    ("prognoses", "prognosis"),
    ("prostheses", "prosthesis"),
    ("quiches", "quiche"),
    ("quizzes", "quiz"),
    ("radii", "radius"),
    ("rookies", "rookie"),
    ("scarves", "scarf"),
    ("schemata", "schema"),
    ("selfies", "selfie"),
    ("selves", "self"),
    ("sheaves", "sheaf"),
    ("shelves", "shelf"),
    ("shoes", "shoe"),
    ("skis", "ski"),
    ("skus", "sku"),
    ("smoothies", "smoothie"),
    ("stimuli", "stimulus"),
    ("strata", "stratum"),
    ("synopses", "synopsis"),
    ("syntheses", "synthesis"),
    ("taxis", "taxi"),
    ("teeth", "tooth"),
    ("theses", "thesis"),
    ("thieves", "thief"),
    ("ties", "tie"),
    ("toes", "toe"),
    ("uris", "uri"),
    ("veggies", "veggie"),
    ("vertices", "vertex"),
    ("wikis", "wiki"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("women", "woman"),
    ("zombies", "zombie"),
];

/// Singular and a plural that is accepted beside the one the rules give.
const SECOND_PLURALS: &[(&str, &str)] = &[
    ("appendix", "appendixes"),
    ("cactus", "cactuses"),
    ("cargo", "cargos"),
    ("corpus", "corpuses"),
    ("curriculum", "curriculums"),
    ("focus", "focuses"),
    ("formula", "formulae"),
    ("gas", "gases"),
    ("index", "indexes"),
    ("matrix", "matrixes"),
    ("memorandum", "memorandums"),
    ("mosquito", "mosquitos"),
    ("person", "persons"),
    ("radius", "radiuses"),
    ("scarf", "scarfs"),
    ("schema", "schemata"),
    ("vertex", "vertexes"),
    ("volcano", "volcanos"),
    ("zero", "zeros"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: &str = "
        orders:order users:user customers:customer products:product invoices:invoice
        invoice_lines:invoice_line order_items:order_item media_types:media_type payments:payment accounts:account
        projects:project tasks:task labels:label comments:comment posts:post
        tags:tag albums:album artists:artist tracks:track playlists:playlist
        genres:genre employees:employee memberships:membership organizations:organization companies:company
        categories:category countries:country cities:city currencies:currency histories:history
        activities:activity entries:entry deliveries:delivery policies:policy queries:query
        replies:reply inventories:inventory properties:property opportunities:opportunity soliloquies:soliloquy
        addresses:address processes:process classes:class businesses:business masses:mass
        glasses:glass losses:loss accesses:access bosses:boss expresses:express
        statuses:status bonuses:bonus viruses:virus campuses:campus censuses:census
        consensuses:consensus minuses:minus surpluses:surplus syllabuses:syllabus octopuses:octopus
        buses:bus minibuses:minibus lenses:lens aliases:alias biases:bias
        canvases:canvas atlases:atlas gases:gas quizzes:quiz buzzes:buzz
        houses:house warehouses:warehouse cases:case databases:database bases:base
        courses:course licenses:license expenses:expense responses:response purchases:purchase
        releases:release phases:phase phrases:phrase exercises:exercise pauses:pause
        causes:cause clauses:clause spouses:spouse uses:use leases:lease
        boxes:box taxes:tax indexes:index prefixes:prefix annexes:annex
        mixes:mix prizes:prize sizes:size quotes:quote axes:axis
        branches:branch matches:match batches:batch patches:patch searches:search
        wishes:wish dishes:dish caches:cache niches:niche headaches:headache
        heroes:hero tomatoes:tomato potatoes:potato echoes:echo vetoes:veto
        photos:photo videos:video studios:studio portfolios:portfolio ratios:ratio
        shoes:shoe toes:toe canoes:canoe cookies:cookie movies:movie
        calories:calorie hoodies:hoodie selfies:selfie smoothies:smoothie ties:tie
        knives:knife lives:life leaves:leaf halves:half shelves:shelf
        wolves:wolf moves:move archives:archive curves:curve drives:drive
        people:person persons:person men:man women:woman children:child
        grandchildren:grandchild salespeople:salesperson mice:mouse feet:foot teeth:tooth
        analyses:analysis crises:crisis diagnoses:diagnosis hypotheses:hypothesis theses:thesis
        synopses:synopsis indices:index matrices:matrix vertices:vertex appendices:appendix
        criteria:criterion phenomena:phenomenon bacteria:bacterium curricula:curriculum alumni:alumnus
        foci:focus radii:radius stimuli:stimulus schemas:schema schemata:schema
        data:data metadata:metadata user_metadata:user_metadata media:media news:news
        series:series species:species sheep:sheep equipment:equipment staff:staff
        feedback:feedback information:information software:software sms:sms aircraft:aircraft
        goods:goods merchandise:merchandise analytics:analytics logistics:logistics headquarters:headquarters
        apis:api emojis:emoji wikis:wiki kpis:kpi taxis:taxi
        uris:uri skus:sku cpus:cpu menus:menu plateaus:plateau
        days:day keys:key essays:essay surveys:survey toys:toy
        highways:highway fees:fee attendees:attendee trees:tree committees:committee
        messages:message images:image pages:page packages:package prices:price
        services:service devices:device sources:source resources:resource franchises:franchise
        settings:setting details:detail slots:slot statistics:statistic stocks:stock
        permissions:permission shipments:shipment subscriptions:subscription oauth2_clients:oauth2_client ticket_types:ticket_type
    ";

    const NOT_PLURALS: &str = "
        order person child status address business history category index process box access basis news_item
    ";

    #[test]
    fn every_pair_is_undone_and_is_a_plural() {
        let wrong: Vec<_> = PAIRS
            .split_whitespace()
            .filter_map(|pair| pair.split_once(':'))
            .filter(|(plural, expected)| singular(plural) != *expected || !is_plural(plural))
            .collect();
        assert_eq!(PAIRS.split_whitespace().count(), 230);
        assert_eq!(wrong, []);
    }

    #[test]
    fn names_in_the_singular_are_not_plurals() {
        let wrong: Vec<_> = NOT_PLURALS.split_whitespace().filter(|name| is_plural(name)).collect();
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn plurals_follow_the_tables() {
        let singulars = ["order_item", "category", "person", "formula", "salesperson", "hero", "data", "address"];
        assert_eq!(
            singulars.map(plural),
            ["order_items", "categories", "people", "formulas", "salespeople", "heroes", "data", "addresses"]
        );
    }

    #[test]
    fn a_word_never_becomes_empty() {
        assert_eq!(singular("s"), "s");
    }
}
