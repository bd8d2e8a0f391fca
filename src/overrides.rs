//! Applies the `ownership:` lines of a project to its files.

use camino::Utf8Path;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::OwnershipRule;
use crate::ownership::Ownership;
use crate::tree::Tree;

/// Gives every file the owner that the last matching line names, and says which lines match nothing (W031) or would
/// change what cannot be changed (E034).
pub fn apply(rules: &[OwnershipRule], tree: &mut Tree) -> Diagnostics {
    let mut matched = vec![false; rules.len()];
    let mut forbidden = vec![false; rules.len()];
    for (path, file) in tree.iter_mut().filter(|(path, _)| !path.starts_with(".backendgen")) {
        let matching: Vec<_> = rules.iter().enumerate().filter(|(_, rule)| rule.matches(path)).collect();
        for (index, _) in &matching {
            matched[*index] = true;
        }
        let Some((index, rule)) = matching.last() else {
            continue;
        };
        match file.ownership {
            Ownership::Generated | Ownership::Merged => file.ownership = rule.ownership,
            Ownership::Yours | Ownership::Record => forbidden[*index] |= file.ownership != rule.ownership,
        }
    }
    let mut diagnostics = Diagnostics::default();
    for ((rule, matched), forbidden) in rules.iter().zip(matched).zip(forbidden) {
        if forbidden || is_about_migrations(rule) {
            diagnostics.push(cannot_change(rule));
        } else if !matched {
            let message = format!("`ownership` names `{}`, which matches no generated file", rule.glob);
            diagnostics.push(Diagnostic::new(Code::W031, &rule.span, message));
        }
    }
    diagnostics
}

/// Accepted migrations are no part of the tree, and belong to nobody else either.
fn is_about_migrations(rule: &OwnershipRule) -> bool {
    let folders = ["migrations/versions/", "migrations/ops/"];
    folders.iter().any(|folder| rule.glob.starts_with(folder) || rule.matches(Utf8Path::new(&format!("{folder}x"))))
}

fn cannot_change(rule: &OwnershipRule) -> Diagnostic {
    let message = format!("`{}` cannot change its owner", rule.glob);
    Diagnostic::new(Code::E034, &rule.span, message).help("only generated and merged files can")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::plan::{Mode, Owner};
    use crate::source::Span;
    use crate::tree::File;

    fn owners(rules: &[(&str, Ownership)]) -> (Vec<Ownership>, Vec<&'static str>) {
        let path: Arc<Utf8Path> = Arc::from(Utf8Path::new("backendgen.yaml"));
        let rule = |(index, (glob, ownership)): (usize, &(&str, Ownership))| OwnershipRule {
            glob: (*glob).to_owned(),
            ownership: *ownership,
            span: Span::new(&path, index, index),
        };
        let rules: Vec<_> = rules.iter().enumerate().map(rule).collect();
        let file = |ownership| File {
            bytes: Vec::new(),
            ownership,
            owner: Owner::Project,
            mode: Mode::Regular,
            imported: false,
        };
        let mut tree = Tree::from([
            ("app/core/database.py".into(), file(Ownership::Generated)),
            ("app/main.py".into(), file(Ownership::Yours)),
            ("compose.yaml".into(), file(Ownership::Merged)),
        ]);
        let diagnostics = apply(&rules, &mut tree);
        let codes = diagnostics.sorted().iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        (tree.values().map(|file| file.ownership).collect(), codes)
    }

    #[test]
    fn the_last_matching_line_wins() {
        use Ownership::{Generated, Merged, Yours};
        let table = [
            (&[("app/core/**", Merged)][..], vec![Merged, Yours, Merged], vec![]),
            (&[("app/core/**", Merged), ("**/database.py", Yours)][..], vec![Yours, Yours, Merged], vec![]),
            (&[("compose.yaml", Generated)][..], vec![Generated, Yours, Generated], vec![]),
            (&[("app/main.py", Yours)][..], vec![Generated, Yours, Merged], vec![]),
            (&[("app/main.py", Merged)][..], vec![Generated, Yours, Merged], vec!["E034"]),
            (&[("migrations/versions/**", Yours)][..], vec![Generated, Yours, Merged], vec!["E034"]),
            (&[("app/corre/**", Merged)][..], vec![Generated, Yours, Merged], vec!["W031"]),
        ];
        let found = table.clone().map(|(rules, _, _)| owners(rules));
        assert_eq!(found, table.map(|(_, ownerships, codes)| (ownerships, codes)));
    }
}
