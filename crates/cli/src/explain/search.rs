//! Words that are no keys: what keys and measures say of them.

use serde_json::json;
use walkfolio::measures::definitions;
use walkfolio::study::Key;

use super::text;
use crate::layout::width;

/// What a word or two may mean: keys and measures with all of them in their names or descriptions, as
/// text or as JSON; none if nothing has them.
pub fn answer(all: &[Key], words: &str, as_json: bool) -> Option<String> {
    let words: Vec<String> = words.split_whitespace().map(stem).collect();
    let has = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let keys: Vec<(String, String)> =
        text::rows(all).into_iter().filter(|(path, meaning)| has(path) || has(meaning)).collect();
    let measures: Vec<(String, String)> = definitions()
        .iter()
        .filter(|own| has(own.key) || has(own.label))
        .map(|own| (own.key.to_owned(), own.label.to_owned()))
        .collect();
    if words.is_empty() || (keys.is_empty() && measures.is_empty()) {
        return None;
    }
    if as_json {
        let list = |rows: &[(String, String)]| {
            let row =
                |(name, meaning): &(String, String)| json!({ "name": name, "meaning": meaning });
            rows.iter().map(row).collect::<Vec<_>>()
        };
        return Some(json!({ "keys": list(&keys), "measures": list(&measures) }).to_string());
    }
    let block = |title: &str, rows: Vec<(String, String)>| {
        (!rows.is_empty()).then(|| format!("{title}\n{}", text::table(rows, width().min(100))))
    };
    let parts = [
        block("Keys of a study", keys),
        block("Measures, for targets, `runs --where` and `compare --sort`", measures),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}

/// A word in small letters without the ending of a plural.
fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    match word.strip_suffix('s') {
        Some(one) if one.len() > 3 && !one.ends_with('s') => one.to_owned(),
        _ => word,
    }
}
