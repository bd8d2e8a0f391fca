//! Every code has a broken spec and a snapshot of what the user sees.
//!
//! A case is a file of `diagnostics/`, named after the code that it shows: `=== path` starts a file of its spec. Without
//! a `backendgen.yaml` it has the smallest one.
#![expect(clippy::disallowed_methods, reason = "tests read the corpus")]

use std::path::Path;

use backendgen::compile::{Recorded, compile};
use backendgen::diagnostic::{Code, Diagnostics, Severity};
use backendgen::model::{self, Pins};
use backendgen::report::diagnostics::{Color, render};
use backendgen::source::Source;
use backendgen::spec;

const PROJECT: &str = "backendgen: 1\nname: shop\ndatabases: [postgresql, sqlite]\n";

/// Codes without a case, and why.
const WITHOUT_CASE: &[(Code, &str)] = &[
    (Code::E215, "computed fields are not supported yet"),
    (Code::W230, "it needs the recorded state of an older spec"),
    (Code::E308, "`through:` is not supported yet"),
    (Code::E312, "nested routes are not supported yet"),
    (Code::E313, "tenancy is not supported yet"),
    (Code::E511, "tenancy is not supported yet"),
    (Code::E512, "tenancy is not supported yet"),
    (Code::E518, "tenancy is not supported yet"),
    (Code::E519, "tenancy is not supported yet"),
    (Code::E516, "`cache:` is not supported yet"),
    (Code::E607, "states are not supported yet"),
    (Code::W607, "states are not supported yet"),
    (Code::E608, "states are not supported yet"),
    (Code::W609, "states are not supported yet"),
    (Code::E611, "states are not supported yet"),
    (Code::E612, "states are not supported yet"),
    (Code::E615, "`get_by:` is not supported yet"),
    (Code::W930, "`renamed_from:` is not supported yet"),
    (Code::I931, "`renamed_from:` is not supported yet"),
    (Code::E932, "`renamed_from:` is not supported yet"),
    (Code::E933, "`renamed_from:` is not supported yet"),
    (Code::E934, "`renamed_from:` is not supported yet"),
    (Code::E950, "seeds are not supported yet"),
    (Code::E951, "seeds are not supported yet"),
    (Code::E952, "seeds are not supported yet"),
];

fn source(case: &[u8]) -> Source {
    let mut source = Source::default();
    source.insert("backendgen.yaml", PROJECT);
    let marks: Vec<usize> = (0..case.len()).filter(|&at| is_mark(case, at)).collect();
    for (position, &start) in marks.iter().enumerate() {
        let end = marks.get(position + 1).copied().unwrap_or(case.len());
        let part = &case[start..end];
        let line_end = part.iter().position(|&byte| byte == b'\n').expect("a path ends with its line");
        let path = std::str::from_utf8(&part[4..line_end]).expect("paths are UTF-8");
        source.insert(path, &part[line_end + 1..]);
    }
    source
}

fn is_mark(case: &[u8], at: usize) -> bool {
    case[at..].starts_with(b"=== ") && (at == 0 || case[at - 1] == b'\n')
}

/// What is wrong with a spec. Only lines of `ownership:` are about the files that come out of it.
fn diagnostics(source: &Source) -> Diagnostics {
    let parsed = spec::parse(source);
    let mut diagnostics = parsed.diagnostics;
    let Some(spec) = parsed.spec else { return diagnostics };
    match model::resolve(&spec, &Pins::new()) {
        Ok((model, _)) if !model.project.ownership.is_empty() => {
            compile(source, &Recorded::default()).map_or_else(|found| found, |compiled| compiled.diagnostics)
        }
        Ok((_, found)) | Err(found) => {
            diagnostics.extend(found);
            diagnostics
        }
    }
}

/// The code that a case is named after; none for a case of several.
fn code_of(path: &Path) -> Option<Code> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("names of cases are UTF-8");
    Code::named(stem.split('-').next().unwrap_or(stem))
}

#[test]
fn the_user_sees_every_mistake() {
    insta::glob!("diagnostics/*.spec", |path| {
        let source = source(&std::fs::read(path).expect("the case can be read"));
        let found = diagnostics(&source);
        if let Some(code) = code_of(path) {
            let shows = found.sorted().iter().any(|diagnostic| diagnostic.code == code);
            assert!(shows, "{} does not show its code", path.display());
        }
        let least = if code_of(path).is_some_and(|code| code.severity() == Severity::Info) {
            Severity::Info
        } else {
            Severity::Warning
        };
        insta::assert_snapshot!(render(&source, &found, least, Color::Off));
    });
}

#[test]
fn every_code_has_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let cases = std::fs::read_dir(folder).expect("the corpus can be read");
    let shown: Vec<_> = cases.filter_map(|case| code_of(&case.expect("the corpus can be read").path())).collect();
    let excused = |code: &Code| WITHOUT_CASE.iter().any(|(other, _)| other == code);
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !shown.contains(code) && !excused(code)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
    let needless: Vec<_> = Code::ALL.iter().filter(|code| shown.contains(code) && excused(code)).collect();
    assert!(needless.is_empty(), "a case, and an excuse, for {needless:?}");
}
