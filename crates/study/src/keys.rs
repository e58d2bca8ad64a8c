//! Every key of a study as its users read of it: what it means, its type, unit, default and an
//! example.
//!
//! All of it comes from the doc comments of the [`Spec`](super::Spec) types through the JSON Schema
//! that is made from them, so that the schema, `walkfolio explain` and the reference of the book
//! cannot differ. Two lines of a doc comment have a meaning of their own: `Unit: fraction` and
//! `Example: max = 0.30`. Where a name ends with its unit (`_days`, `_months`, `_bps`, `window`) or
//! a default is an example already, neither is needed.

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::check::{self, some_of, tag, type_name, variants};
use crate::units;

/// A key of a study.
/// # Examples
/// See [`keys`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Dotted: `allocate.bounds.max`. A key of one kind of its table has no kind in it.
    pub path: String,
    /// What it means.
    pub meaning: String,
    /// What its value is: `number`, `date`, `table with a kind` ..
    #[serde(rename = "type")]
    pub of: String,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Whether a study must have it (in the table, if that is there).
    pub required: bool,
    /// Its value where it is left out, as TOML; none where it is then simply not set.
    pub default: Option<String>,
    /// A line of TOML.
    pub example: Option<String>,
    /// The words that its value may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<Word>,
    /// The kinds of its table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Variant>,
    /// The keys of its table, or of each table of its list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Key>,
}

/// A word that a value may be.
/// # Examples
/// ```
/// use walkfolio_study::{find, keys};
///
/// let keys = keys();
/// let drift = find(&keys, "walk_forward.drift")[0];
/// assert_eq!(drift.words[0].name, "buy_and_hold");
/// assert_eq!(drift.words[0].meaning, "Holdings drift with prices.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The word.
    pub name: String,
    /// What it means.
    pub meaning: String,
}

impl Word {
    /// As a study has it: in quotes, but for a table that may be in the place of a word.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_study::{find, keys};
    ///
    /// let keys = keys();
    /// let at = find(&keys, "objective.frontier.at")[0];
    /// assert_eq!(at.words[0].in_toml(), "\"sharpe\"");
    /// assert_eq!(at.words[3].in_toml(), "{ volatility = ... }");
    /// ```
    pub fn in_toml(&self) -> String {
        if self.name.starts_with('{') { self.name.clone() } else { format!("\"{}\"", self.name) }
    }
}

/// A kind of a table: `kind = "tracking_error"`.
/// # Examples
/// ```
/// use walkfolio_study::{find, keys};
///
/// let keys = keys();
/// let objective = find(&keys, "allocate.objective")[0];
/// let ratio = objective.kinds.iter().find(|kind| kind.name == "information_ratio").unwrap();
/// assert!(ratio.keys.iter().any(|key| key.path.ends_with(".tev_floor")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// The kind.
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// The keys of a table of this kind, apart from `kind`.
    pub keys: Vec<Key>,
}

/// The keys of a study, in the order of their names; tables hold theirs.
///
/// # Examples
/// ```
/// let keys = walkfolio_study::keys();
/// let costs = keys.iter().find(|key| key.path == "costs").unwrap();
/// let rate = costs.keys.iter().find(|key| key.path == "costs.per_side_bps").unwrap();
/// assert_eq!(rate.unit.as_deref(), Some("basis points"));
/// assert_eq!(rate.default.as_deref(), Some("0.0"));
/// ```
pub fn keys() -> &'static [Key] {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    KEYS.get_or_init(|| table(check::schema(), ""))
}

/// Every key that a name may mean: a path, a path with the kind of its table in it, or the end of
/// either.
///
/// # Examples
/// ```
/// use walkfolio_study::{find, keys};
///
/// let keys = keys();
/// assert_eq!(find(&keys, "per_side_bps")[0].path, "costs.per_side_bps");
/// assert!(find(&keys, "per_side").is_empty());
/// ```
pub fn find<'a>(keys: &'a [Key], name: &str) -> Vec<&'a Key> {
    let exact = matching(keys, &|path| path == name);
    if !exact.is_empty() {
        return exact;
    }
    let end = format!(".{name}");
    matching(keys, &|path| path.ends_with(&end))
}

/// Every path, once, with the kinds of tables in it and without.
///
/// # Examples
/// ```
/// use walkfolio_study::{keys, paths};
///
/// assert!(paths(&keys()).contains(&"allocate.bounds.max".to_owned()));
/// ```
pub fn paths(keys: &[Key]) -> Vec<String> {
    let all = std::cell::RefCell::new(std::collections::BTreeSet::new());
    matching(keys, &|path| {
        all.borrow_mut().insert(path.to_owned());
        false
    });
    all.into_inner().into_iter().collect()
}

/// The paths that are most like a name that is no key, at most three.
///
/// # Examples
/// ```
/// use walkfolio_study::{keys, near};
///
/// assert_eq!(near(&keys(), "max_holding")[0], "allocate.max_holdings");
/// ```
pub fn near(keys: &[Key], name: &str) -> Vec<String> {
    let last = |path: &str| path.rsplit('.').next().map_or_else(String::new, str::to_owned);
    let likeness = |path: &str| {
        let whole = strsim::jaro_winkler(name, path);
        // A name without dots is more likely the end of a path.
        let end = if name.contains('.') { 0.0 } else { strsim::jaro_winkler(name, &last(path)) };
        whole.max(end)
    };
    let paths = paths(keys).into_iter().map(|path| (likeness(&path), path));
    let mut near: Vec<(f64, String)> = paths.filter(|(like, _)| *like > 0.85).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.len().cmp(&b.1.len())));
    near.into_iter().take(3).map(|(_, path)| path).collect()
}

fn matching<'a>(keys: &'a [Key], wanted: &dyn Fn(&str) -> bool) -> Vec<&'a Key> {
    let mut found = Vec::new();
    walk(keys, "", wanted, &mut found);
    found
}

/// `before` is the path of the table with the kinds in it.
fn walk<'a>(
    keys: &'a [Key],
    before: &str,
    wanted: &dyn Fn(&str) -> bool,
    found: &mut Vec<&'a Key>,
) {
    for key in keys {
        let last = key.path.rsplit('.').next().unwrap_or(&key.path);
        let long = if before.is_empty() { last.to_owned() } else { format!("{before}.{last}") };
        if wanted(&key.path) || wanted(&long) {
            found.push(key);
        }
        walk(&key.keys, &long, wanted, found);
        for variant in &key.kinds {
            let kind = format!("{long}.{}", variant.name);
            // The kind itself is explained with its table.
            if wanted(&kind) {
                found.push(key);
            }
            walk(&variant.keys, &kind, wanted, found);
        }
    }
}

/// The keys of a table.
fn table(schema: &Value, path: &str) -> Vec<Key> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let is_tag = |name: &str, schema: &Value| name == "kind" && schema.get("const").is_some();
    properties
        .into_iter()
        .flatten()
        .filter(|(name, schema)| !is_tag(name, schema))
        .map(|(name, schema)| key(name, schema, path, required.contains(&name.as_str())))
        .collect()
}

fn key(name: &str, outer: &Value, parent: &str, required: bool) -> Key {
    let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
    let schema = some_of(outer);
    let text = Text::of(outer);
    let inner = schema.get("items").filter(|items| items.is_object()).map_or(schema, some_of);
    // Its keys are those of another table.
    let alike = inner.get("documentedAt").is_some();
    let keys = if alike { Vec::new() } else { table(inner, &path) };
    let variant = |one: &Value| Variant {
        name: tag(one).unwrap_or_default().to_owned(),
        meaning: Text::of(one).meaning,
        keys: table(one, &path),
    };
    let own_kinds = variants(inner).into_iter().flatten().filter(|_| !alike);
    let kinds: Vec<Variant> = own_kinds.map(variant).collect();
    let words = if kinds.is_empty() && !alike { words(inner) } else { Vec::new() };
    let default = outer.get("default").filter(|value| !value.is_null() && !is_empty_table(value));
    let of = of(schema, inner, alike || !kinds.is_empty(), !words.is_empty());
    Key {
        meaning: text.meaning,
        unit: text
            .unit
            .or_else(|| units::of_name(name).filter(|_| of.contains("number")).map(str::to_owned)),
        example: text.example.or_else(|| example(name, default, &words)),
        default: default.map(toml),
        path,
        of,
        required,
        words,
        kinds,
        keys,
    }
}

fn is_empty_table(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

/// A description in its parts.
struct Text {
    meaning: String,
    unit: Option<String>,
    example: Option<String>,
}

impl Text {
    fn of(schema: &Value) -> Self {
        let all = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let line = |start: &str| {
            let found = all.lines().find_map(|line| line.strip_prefix(start));
            found.map(|text| text.trim().trim_end_matches('.').trim_matches('`').to_owned())
        };
        let own = |line: &&str| !line.starts_with("Unit: ") && !line.starts_with("Example: ");
        let paragraphs: Vec<String> = all
            .lines()
            .filter(own)
            .collect::<Vec<&str>>()
            .join("\n")
            .split("\n\n")
            .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|paragraph| !paragraph.is_empty())
            .collect();
        Self { meaning: paragraphs.join("\n\n"), unit: line("Unit: "), example: line("Example: ") }
    }
}

/// What a value is, in words.
fn of(schema: &Value, inner: &Value, kinds: bool, words: bool) -> String {
    let types = inner.get("type").and_then(Value::as_array);
    let either = |kind: &str| types.is_some_and(|types| types.iter().any(|own| own == kind));
    let one = match inner.get("type").map(type_name).as_deref() {
        _ if either("string") && either("object") => "text or table",
        _ if kinds => "table with a kind",
        _ if words => "word",
        Some("string") if inner.get("format").is_some_and(|format| format == "date") => "date",
        Some("string") => "text",
        Some("number") => "number",
        Some("integer") => "whole number",
        Some("boolean") => "true or false",
        Some("object") if inner.get("properties").is_none() => "table of your own keys",
        Some("object") => "table",
        _ => "value",
    };
    if schema.get("type").map(type_name).as_deref() != Some("array") {
        return one.to_owned();
    }
    match one {
        "date" | "text" | "number" | "whole number" | "word" | "value" => format!("list of {one}s"),
        "table" => "list of tables, each under its own [[..]]".to_owned(),
        other => format!("list, each a {other}"),
    }
}

fn words(schema: &Value) -> Vec<Word> {
    let options = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let word = |option: &Value| {
        // A table that may be in the place of a word has one key.
        let key = || option.get("properties")?.as_object()?.keys().next();
        let name = match option.get("const") {
            Some(word) => word.as_str()?.to_owned(),
            None if option.get("type")? == "object" && !is_variant(option) => {
                format!("{{ {} = ... }}", key()?)
            }
            None => return None,
        };
        Some(Word { name, meaning: Text::of(option).meaning })
    };
    options.filter_map(word).collect()
}

/// Whether a table is one of several that a `kind` tells apart.
fn is_variant(option: &Value) -> bool {
    option.get("properties").is_some_and(|keys| keys.get("kind").is_some())
}

/// An example from what the schema knows: the default, or the first word.
fn example(name: &str, default: Option<&Value>, words: &[Word]) -> Option<String> {
    let word = words.first().map(|word| format!("\"{}\"", word.name));
    default.map(toml).or(word).map(|value| format!("{name} = {value}"))
}

/// A value as it is written in a study.
fn toml(value: &Value) -> String {
    match value {
        Value::Object(table) => {
            let entry = |(key, value): (&String, &Value)| format!("{key} = {}", toml(value));
            format!("{{ {} }}", table.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
