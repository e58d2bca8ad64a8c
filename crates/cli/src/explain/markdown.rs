//! Keys as a page of the book.

use std::fmt::Write;

use walkfolio::study::{Key, Variant};

use super::facts::{kind_of, same_kinds};

const HEAD: &str = "\
# Keys of a study

<!-- Written by `walkfolio explain --markdown`; the text is in the doc comments of
`crates/study/src/spec.rs` and the files of its folder. -->

`walkfolio explain KEY` prints the same text for one key. `walkfolio schema` prints all keys as a JSON
Schema. You may omit a key that is not required; `not set` means that its rule then does not apply. A
list of tables has a heading in double brackets for each table.
";

/// The whole page.
pub fn page(keys: &[Key]) -> String {
    let mut page = format!("{HEAD}\n## At the top\n\n");
    let is_table = |key: &&Key| !key.keys.is_empty() || !key.kinds.is_empty();
    for key in keys.iter().filter(|key| !is_table(key)) {
        page.push_str(&bullet(key));
    }
    for key in keys.iter().filter(is_table) {
        section(&mut page, key, 2);
    }
    // Headings follow each other with one empty line between them.
    while page.contains("\n\n\n") {
        page = page.replace("\n\n\n", "\n\n");
    }
    page
}

/// A table with its keys, its kinds, and the tables in it.
fn section(page: &mut String, key: &Key, level: usize) {
    let path = if key.of.starts_with("list") {
        format!("[[{}]]", key.path)
    } else {
        format!("[{}]", key.path)
    };
    let _ = writeln!(page, "\n{} `{path}`\n\n{}\n", "#".repeat(level.min(4)), meaning(key));
    if let Some(default) = &key.default {
        let _ = writeln!(page, "Default: `{default}`.\n");
    }
    inside(page, &key.keys, level);
    for kind in &key.kinds {
        variant(page, key, kind, level);
    }
}

fn variant(page: &mut String, key: &Key, kind: &Variant, level: usize) {
    let Variant { name, meaning, .. } = kind;
    let marks = "#".repeat((level + 1).min(5));
    let _ = writeln!(page, "\n{marks} `{}.kind = \"{name}\"`\n\n{meaning}\n", key.path);
    inside(page, &kind.keys, level + 1);
}

/// The plain keys as a list, then a section for each table; tables of the same kinds share theirs.
fn inside(page: &mut String, keys: &[Key], level: usize) {
    let is_table = |key: &Key| !key.keys.is_empty() || !key.kinds.is_empty();
    let shared = |key: &Key| keys.iter().filter(|other| same_kinds(other, key)).count() > 1;
    for key in keys.iter().filter(|key| !is_table(key) || shared(key)) {
        page.push_str(&bullet(key));
    }
    for key in keys.iter().filter(|key| is_table(key) && !shared(key)) {
        section(page, key, level + 1);
    }
    if let Some(first) = keys.iter().find(|key| shared(key)) {
        let parent = first.path.rsplit_once('.').map_or("", |(parent, _)| parent);
        let _ = writeln!(page, "\nEach of these is a table with a `kind`:");
        let any = Key { path: format!("{parent}.*"), ..first.clone() };
        for kind in &any.kinds {
            variant(page, &any, kind, level);
        }
    }
}

fn bullet(key: &Key) -> String {
    let name = key.path.rsplit('.').next().unwrap_or(&key.path);
    let default = match (&key.default, key.required) {
        (Some(value), _) => format!("default `{value}`"),
        (None, true) => "required".to_owned(),
        (None, false) => "not set by default".to_owned(),
    };
    let mut text = format!("- **`{name}`**: {}, {default}. {}", kind_of(key), meaning(key));
    let default_shown = key.default.as_ref().map(|value| format!("{name} = {value}"));
    if let Some(example) = key.example.as_ref().filter(|one| Some(*one) != default_shown.as_ref()) {
        let _ = write!(text, " Example: `{example}`.");
    }
    text.push('\n');
    for word in &key.words {
        let _ = writeln!(text, "  - `{}`: {}", word.in_toml(), word.meaning);
    }
    text
}

fn meaning(key: &Key) -> String {
    key.meaning.replace("\n\n", " ")
}
