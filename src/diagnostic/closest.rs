//! Suggestions for misspelt names.

/// The name among `known` that `word` probably means: at most a third of its letters away.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = word.chars().count() / 3;
    known
        .into_iter()
        .map(|name| (distance(word, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// Edit distance in which swapped neighbours count once.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let replace = rows[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_suggested_up_to_a_third_of_its_length() {
        // word, known names, suggestion
        let rows = [
            ("user", vec!["users", "posts"], Some("users")),
            ("payed", vec!["draft", "paid"], None),
            ("feilds", vec!["fields"], Some("fields")),
            ("strng", vec!["string", "text"], Some("string")),
            ("ab", vec!["abc"], None),
            ("", vec!["a"], None),
        ];
        assert_eq!(rows.clone().map(|(word, known, _)| closest(word, known)), rows.map(|(_, _, expected)| expected));
    }
}
