//! Keys for a terminal.

use textwrap::{Options, WordSplitter, fill};
use walkfolio::study::{Key, Variant};

use super::facts::{default_of, kind_of, same_kinds};
use crate::layout::{Side, lines};

/// Every key on a line, with the first sentence of what it means.
pub fn list(keys: &[Key], width: usize) -> String {
    let text = table(rows(keys), width);
    format!("{text}\n\nMore about a key, a table or a kind: walkfolio explain allocate.bounds")
}

/// Every key and kind with what it means.
pub fn rows(keys: &[Key]) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    collect(keys, &mut rows);
    rows
}

/// Names on a line each, with the first sentence of what they mean.
pub fn table(rows: Vec<(String, String)>, width: usize) -> String {
    let longest = rows.iter().map(|row| row.0.chars().count()).max().unwrap_or(0);
    let room = width.saturating_sub(longest + 2).max(20);
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(path, meaning)| vec![path, cut(&meaning, room)]).collect();
    lines(&rows, &[Side::Left]).join("\n")
}

fn collect(keys: &[Key], rows: &mut Vec<(String, String)>) {
    for (index, key) in keys.iter().enumerate() {
        rows.push((key.path.clone(), key.meaning.clone()));
        collect(&key.keys, rows);
        // The kinds of tables that are alike are listed with the first of them.
        if keys[..index].iter().any(|before| same_kinds(before, key)) {
            continue;
        }
        for kind in &key.kinds {
            let name = format!("{}.kind = \"{}\"", key.path, kind.name);
            rows.push((name, kind.meaning.clone()));
            collect(&kind.keys, rows);
        }
    }
}

/// The first sentence, or as much of it as there is room for.
fn cut(meaning: &str, room: usize) -> String {
    let sentence = meaning.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let sentence = sentence.split("\n\n").next().unwrap_or_default();
    if sentence.chars().count() <= room {
        return sentence.to_owned();
    }
    let mut kept = String::new();
    for word in sentence.split(' ') {
        if kept.chars().count() + word.chars().count() + 4 > room {
            break;
        }
        kept += word;
        kept.push(' ');
    }
    format!("{} ..", kept.trim_end())
}

/// All of a key.
pub fn key(key: &Key, width: usize) -> String {
    let mut parts = vec![format!("{}\n{}", key.path, indented(&key.meaning, 2, width))];
    parts.push(facts(key, 2, width));
    if !key.words.is_empty() {
        let words = key.words.iter().map(|word| named(&word.in_toml(), &word.meaning, 4, width));
        parts.push(format!("  Values\n{}", words.collect::<Vec<_>>().join("\n")));
    }
    for kind in &key.kinds {
        parts.push(variant(kind, width));
    }
    if !key.keys.is_empty() {
        let keys = key.keys.iter().map(|key| inner(key, 4, width));
        parts.push(format!("  Keys\n{}", keys.collect::<Vec<_>>().join("\n")));
    }
    parts.join("\n\n")
}

fn variant(kind: &Variant, width: usize) -> String {
    let head = format!("  kind = \"{}\"\n{}", kind.name, indented(&kind.meaning, 4, width));
    let keys = kind.keys.iter().map(|key| inner(key, 4, width));
    std::iter::once(head).chain(keys).collect::<Vec<_>>().join("\n")
}

/// A key of a table: its name, what it means and its facts in a line.
fn inner(key: &Key, indent: usize, width: usize) -> String {
    let name = key.path.rsplit('.').next().unwrap_or(&key.path);
    let table = !key.keys.is_empty() || !key.kinds.is_empty();
    let default = if key.required { "required".to_owned() } else { default(key) };
    let more = if table { format!("; see walkfolio explain {}", key.path) } else { String::new() };
    named(name, &format!("{} [{}; {default}{more}]", key.meaning, kind_of(key)), indent, width)
}

fn default(key: &Key) -> String {
    key.default.as_ref().map_or_else(|| "not set".to_owned(), |value| format!("{value} by default"))
}

fn facts(key: &Key, indent: usize, width: usize) -> String {
    let example = key.example.clone().map(|example| ("example", example));
    let rows = [Some(("value", kind_of(key))), Some(("default", default_of(key))), example];
    let row = |(name, value): (&str, String)| {
        let first = format!("{:indent$}{name:<9}", "");
        let next = " ".repeat(indent + 9);
        wrapped(&value, &first, &next, width)
    };
    rows.into_iter().flatten().map(row).collect::<Vec<_>>().join("\n")
}

fn named(name: &str, text: &str, indent: usize, width: usize) -> String {
    let first = format!("{:indent$}{name}  ", "");
    wrapped(text, &first, &" ".repeat(indent + 4), width)
}

fn indented(text: &str, indent: usize, width: usize) -> String {
    let before = " ".repeat(indent);
    let paragraphs: Vec<String> =
        text.split("\n\n").map(|part| wrapped(part, &before, &before, width)).collect();
    paragraphs.join("\n\n")
}

fn wrapped(text: &str, first: &str, next: &str, width: usize) -> String {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(next)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    fill(&text.replace("\n\n", " "), options)
}
