//! A tree against the schema of studies: unknown keys, wrong types, missing keys, all at once.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::Spec;
use crate::elsewhere::elsewhere;
use crate::fault::Fault;
use crate::nearest::{most_like, nearest};
use crate::renamed::renamed;
use crate::tree::Tree;
use crate::units;

/// The schema, made once from the types.
pub(crate) fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
        settings.into_generator().into_root_schema_for::<Spec>().to_value()
    })
}

/// Every error of a tree.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    check_against(tree, schema())
}

/// Every error of a tree by another schema.
pub(super) fn check_against(tree: &Tree, schema: &Value) -> Vec<Fault> {
    let mut checker = Checker { tree, root: schema, faults: Vec::new() };
    checker.value(&tree.value, schema, "");
    checker.faults
}

/// The keys that one variant of a tagged table knows, if the schema at a path is one.
pub(crate) fn variant_keys(path: &str, kind: &str) -> Option<Vec<String>> {
    let mut at = schema();
    for key in path.split('.') {
        at = some_of(at).get("properties")?.get(key)?;
    }
    let variant = variants(some_of(at))?.iter().find(|variant| tag(variant) == Some(kind))?;
    Some(keys(variant))
}

struct Checker<'a> {
    tree: &'a Tree,
    /// The schema as a whole.
    root: &'a Value,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn value(&mut self, value: &Value, outer: &Value, path: &str) {
        if let Some(same) = self.referred(outer) {
            return self.value(value, same, path);
        }
        let schema = some_of(outer);
        if let Some(variants) = variants(schema) {
            return self.tagged(value, variants, path);
        }
        if let Some(mut words) = words(schema) {
            let tables = tables(schema);
            if let Value::Object(table) = value
                && !tables.is_empty()
            {
                return self.one_of_tables(table, &tables, path);
            }
            words.extend(
                tables.iter().flat_map(|t| keys(t)).map(|key| format!("{{ {key} = ... }}")),
            );
            return self.word(value, &words, path);
        }
        let Some(kind) = schema.get("type").map(type_name) else { return };
        let other = |kinds: &Value| {
            kinds.as_array().into_iter().flatten().any(|kind| {
                // `null` is how a schema says that a key may be absent.
                kind.as_str().is_some_and(|kind| kind != "null" && is_a(value, kind))
            })
        };
        if !is_a(value, &kind) && !schema.get("type").is_some_and(other) {
            let message = format!("must be {}, found {}", article(&kind, schema), show(value));
            let hint = units::hint(&kind, value, outer, path).or_else(|| fix(&kind, value, path));
            return self.push(path, message, hint);
        }
        match value {
            Value::Object(table) => self.table(table, schema, path),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Some(schema) = schema.get("items") {
                        self.value(item, schema, &format!("{path}[{index}]"));
                    }
                }
            }
            Value::Number(number) => {
                let minimum = schema.get("minimum").and_then(Value::as_f64);
                if minimum.is_some_and(|minimum| number.as_f64() < Some(minimum)) {
                    self.push(path, format!("must be at least 0, found {number}"), None);
                }
            }
            Value::String(text)
                if schema.get("format") == Some(&Value::from("date"))
                    && text.parse::<jiff::civil::Date>().is_err() =>
            {
                let message = format!("must be a date, found {}", show(value));
                self.push(path, message, Some("write it as 2019-06-01".to_owned()));
            }
            _ => {}
        }
    }

    /// The schema that a choice inside itself refers to.
    fn referred<'a>(&self, schema: &Value) -> Option<&'a Value>
    where
        Self: 'a,
    {
        let place = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
        self.root.pointer(place)
    }

    fn table(&mut self, table: &Map<String, Value>, schema: &Value, path: &str) {
        let known = keys(schema);
        let mut meant = Vec::new();
        let open = schema.get("additionalProperties").filter(|open| open.is_object());
        // Values of any form: those of switched keys are checked where they are set.
        let free = schema.get("additionalProperties") == Some(&Value::Bool(true));
        for (key, value) in table {
            let inner = join(path, key);
            match (schema.get("properties").and_then(|all| all.get(key)), open) {
                (Some(schema), _) | (None, Some(schema)) => self.value(value, schema, &inner),
                (None, None) if free => {}
                (None, None) => {
                    meant.extend(
                        renamed(&inner).map(str::to_owned).or_else(|| most_like(key, &known)),
                    );
                    self.unknown(&inner, key, &known);
                }
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let missing = required.filter_map(Value::as_str).filter(|key| !table.contains_key(*key));
        // A misspelled key is one error, not two.
        for key in missing.filter(|key| !meant.iter().any(|meant| meant == key)) {
            let fault = self.tree.fault_at_key(
                &join(path, key),
                "is missing".to_owned(),
                Some(format!("add `{key} = ...`")),
            );
            self.faults.push(fault);
        }
    }

    /// A table that stands where a word may, with one of several keys.
    fn one_of_tables(&mut self, table: &Map<String, Value>, tables: &[&Value], path: &str) {
        let is_it = |one: &&&Value| keys(one).iter().any(|key| table.contains_key(key));
        let own: Vec<&&Value> = tables.iter().filter(is_it).collect();
        match own[..] {
            [only] => return self.table(table, only, path),
            [] => {}
            _ => return self.more_than_one(table, path),
        }
        let known: Vec<String> = tables.iter().flat_map(|one| keys(one)).collect();
        for key in table.keys() {
            self.unknown(&join(path, key), key, &known);
        }
        if table.is_empty() {
            self.push(path, "is empty".to_owned(), Some(one_of(&known)));
        }
    }

    /// A table with keys that exclude each other.
    fn more_than_one(&mut self, table: &Map<String, Value>, path: &str) {
        let named: Vec<&str> = table.keys().map(String::as_str).collect();
        let message = format!("has {}, which exclude each other", named.join(" and "));
        let one = |key: &&str| format!("{{ {key} = {} }}", table[*key]);
        let hint = format!("write {}", named.iter().map(one).collect::<Vec<_>>().join(" or "));
        self.push(path, message, Some(hint));
    }

    /// A table whose `kind` says what else it may hold.
    fn tagged(&mut self, value: &Value, variants: &[Value], path: &str) {
        let kinds: Vec<String> = variants.iter().filter_map(tag).map(str::to_owned).collect();
        let Value::Object(table) = value else {
            let message = format!("must be a table with a `kind`, found {}", show(value));
            let hint = format!("write {{ kind = \"{}\" }}", kinds.join("\" or \""));
            return self.push(path, message, Some(hint));
        };
        let inner = join(path, "kind");
        match table.get("kind") {
            None => self.push(&inner, "is missing".to_owned(), Some(one_of(&kinds))),
            Some(Value::String(kind)) => {
                match variants.iter().find(|variant| tag(variant) == Some(kind)) {
                    Some(variant) => self.variant(table, variant, variants, path),
                    None => self.word(&Value::from(kind.as_str()), &kinds, &inner),
                }
            }
            Some(other) => {
                let message = format!("must be a word, found {}", show(other));
                self.push(&inner, message, Some(one_of(&kinds)));
            }
        }
    }

    /// The keys of a table of one kind; the hint of a key of another kind names that kind.
    fn variant(&mut self, table: &Map<String, Value>, own: &Value, all: &[Value], path: &str) {
        let before = self.faults.len();
        self.table(table, own, path);
        let known = keys(own);
        for fault in &mut self.faults[before..] {
            let key = fault.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('.'));
            let Some(key) = key.filter(|key| !known.iter().any(|known| known == key)) else {
                continue;
            };
            let owners = all.iter().filter(|variant| keys(variant).iter().any(|k| k == key));
            let owners: Vec<&str> = owners.filter_map(tag).collect();
            if !owners.is_empty() {
                let hint = format!("it belongs to kind = \"{}\"", owners.join("\" or \""));
                fault.hint = Some(hint);
            }
        }
    }

    fn word(&mut self, value: &Value, words: &[String], path: &str) {
        match value {
            Value::String(text) if words.contains(text) => {}
            Value::String(text) => {
                let hint = nearest(text, words).or_else(|| Some(one_of(words)));
                self.push(path, format!("unknown value \"{text}\""), hint);
            }
            other => {
                let message = format!("must be a word, found {}", show(other));
                self.push(path, message, Some(one_of(words)));
            }
        }
    }

    fn unknown(&mut self, path: &str, key: &str, known: &[String]) {
        let new = renamed(path).map(|new| format!("it is now `{new}`"));
        let hint = new
            .or_else(|| elsewhere(self.root, key))
            .or_else(|| nearest(key, known))
            .or_else(|| (!known.is_empty()).then(|| format!("known keys: {}", known.join(", "))));
        let fault = self.tree.fault_at_key(path, format!("unknown key `{key}`"), hint);
        self.faults.push(fault);
    }

    fn push(&mut self, path: &str, message: String, hint: Option<String>) {
        self.faults.push(self.tree.fault(path, message, hint));
    }
}

/// The schema under an `Option`.
pub(super) fn some_of(schema: &Value) -> &Value {
    let null = |schema: &Value| schema.get("type") == Some(&Value::from("null"));
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(options) => options.iter().find(|option| !null(option)).unwrap_or(schema),
        None => schema,
    }
}

/// The variants of a tagged table.
pub(super) fn variants(schema: &Value) -> Option<&[Value]> {
    let variants = schema.get("oneOf")?.as_array()?;
    variants.iter().all(|variant| tag(variant).is_some()).then_some(variants)
}

pub(super) fn tag(variant: &Value) -> Option<&str> {
    variant.get("properties")?.get("kind")?.get("const")?.as_str()
}

/// The words of an enumeration.
fn words(schema: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return Some(words.iter().filter_map(text).collect());
    }
    if let Some(word) = schema.get("const").and_then(text) {
        return Some(vec![word]);
    }
    let options = schema.get("oneOf")?.as_array()?;
    let words: Vec<String> = options.iter().filter_map(words).flatten().collect();
    (!words.is_empty()).then_some(words)
}

/// The tables that may stand where a word may.
fn tables(schema: &Value) -> Vec<&Value> {
    let options = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    options.filter(|option| option.get("type") == Some(&Value::from("object"))).collect()
}

fn keys(schema: &Value) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flat_map(|table| table.keys().cloned()).collect()
}

pub(super) fn type_name(kind: &Value) -> String {
    let first = kind.as_array().and_then(|kinds| kinds.iter().find(|kind| *kind != "null"));
    first.unwrap_or(kind).as_str().unwrap_or_default().to_owned()
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn article(kind: &str, schema: &Value) -> String {
    match kind {
        "string" if schema.get("format") == Some(&Value::from("date")) => "a date",
        "string" => "a text",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => "a table",
    }
    .to_owned()
}

fn show(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the text \"{text}\""),
        Value::Number(number) => format!("the number {number}"),
        Value::Bool(value) => format!("{value}"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a table".to_owned(),
        Value::Null => "nothing".to_owned(),
    }
}

fn fix(kind: &str, value: &Value, path: &str) -> Option<String> {
    match (kind, value) {
        ("number" | "integer", Value::String(text))
            if text.trim().parse::<f64>().is_ok_and(f64::is_finite) =>
        {
            Some(format!("write {} without quotes", text.trim()))
        }
        ("string", Value::Number(number)) => Some(format!("write \"{number}\" in quotes")),
        ("array", Value::String(text)) => Some(format!("write [\"{text}\"]")),
        ("array", Value::Object(_)) if path.starts_with("grid.") || path.starts_with("tune.") => {
            Some("quote a dotted key: \"allocate.bounds.max\" = [0.2, 0.3]".to_owned())
        }
        ("array", Value::Object(_)) => Some("write a list of tables: [{ .. }, { .. }]".to_owned()),
        _ => None,
    }
}

fn one_of(words: &[String]) -> String {
    format!("one of: {}", words.join(", "))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
