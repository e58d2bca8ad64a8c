//! A TOML file as a tree of values that know their position.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::Fault;

/// Values by key, and the position of each in the text.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    pub value: Value,
    spans: BTreeMap<String, Place>,
    /// What was set from outside, by path: it has no position in the file.
    set: Vec<String>,
}

#[derive(Debug, Clone)]
struct Place {
    key: Range<usize>,
    value: Range<usize>,
}

impl Tree {
    /// Parses a text. Only the first syntax error is reported: it causes most of those after it.
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let first = errors.iter().min_by_key(|error| error.span().map(|span| span.start));
        let mut faults: Vec<Fault> = first
            .into_iter()
            .map(|error| Fault {
                path: String::new(),
                message: format!("not valid TOML: {}", error.message().replace('\n', ", ")),
                hint: syntax_hint(error.message()),
                span: error.span(),
            })
            .collect();
        let mut tree = Self { value: Value::Null, spans: BTreeMap::new(), set: Vec::new() };
        tree.value = tree.table(table.get_ref(), "", &mut faults);
        if faults.is_empty() { Ok(tree) } else { Err(faults) }
    }

    /// The value at a dotted path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&self.value, |value, key| value.get(key))
    }

    /// Replaces the value at a dotted path; its parts lose their positions.
    pub fn insert(&mut self, path: &str, value: Value) -> Result<(), String> {
        self.forget(path);
        self.set.push(path.to_owned());
        let mut at = &mut self.value;
        let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
        for key in parents.split('.').filter(|key| !key.is_empty()) {
            let Value::Object(table) = at else {
                return Err(format!("`{key}` is not in a table"));
            };
            at = table.entry(key).or_insert_with(|| Value::Object(Map::new()));
        }
        match at {
            Value::Object(table) => {
                table.insert(last.to_owned(), value);
                Ok(())
            }
            _ => Err(format!("`{parents}` is not a table")),
        }
    }

    /// Whether the value at a dotted path, or a part of it, is not the text's.
    pub fn is_set(&self, path: &str) -> bool {
        let below = |set: &String| set.strip_prefix(path).is_some_and(|s| s.starts_with('.'));
        self.set.iter().any(|set| set == path || below(set))
    }

    /// Removes the value at a dotted path.
    pub fn remove(&mut self, path: &str) {
        self.forget(path);
        let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
        let keys = parents.split('.').filter(|key| !key.is_empty());
        let mut keys = keys;
        let parent = keys.try_fold(&mut self.value, |at, key| at.get_mut(key));
        if let Some(Value::Object(table)) = parent {
            table.remove(last);
        }
    }

    /// An error at a dotted path, at the position of its value.
    pub fn fault(&self, path: &str, message: String, hint: Option<String>) -> Fault {
        let span = self.nearest(path).map(|place| place.value.clone());
        Fault { path: path.to_owned(), message, hint, span }
    }

    /// An error at a dotted path, at the position of its key.
    pub fn fault_at_key(&self, path: &str, message: String, hint: Option<String>) -> Fault {
        let span = self.nearest(path).map(|place| place.key.clone());
        Fault { path: path.to_owned(), message, hint, span }
    }

    /// The position of a path, or of the closest table around it.
    fn nearest(&self, path: &str) -> Option<&Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.spans.get(path) {
                return Some(place);
            }
            if self.is_set(path) {
                return None;
            }
            path = path.rsplit_once(['.', '[']).map(|(parent, _)| parent)?;
        }
    }

    fn forget(&mut self, path: &str) {
        let inside = |key: &str| {
            key.strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.spans.retain(|key, _| !inside(key));
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str, faults: &mut Vec<Fault>) -> Value {
        let mut out = Map::new();
        for (key, value) in table {
            let name = key.get_ref().to_string();
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let place = Place { key: key.span(), value: value.span() };
            self.spans.insert(path.clone(), place);
            out.insert(name, self.convert(value, &path, faults));
        }
        Value::Object(out)
    }

    fn convert(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        path: &str,
        faults: &mut Vec<Fault>,
    ) -> Value {
        let number = |found: Option<Number>, text: &str, faults: &mut Vec<Fault>| {
            found.map_or_else(
                || {
                    let message = format!("`{text}` is not a finite number that fits");
                    faults.push(self.fault(path, message, None));
                    Value::Null
                },
                Value::Number,
            )
        };
        match value.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Datetime(date) => Value::String(date.to_string()),
            DeValue::Integer(integer) => {
                let parsed = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
                number(parsed.map(Number::from), integer.as_str(), faults)
            }
            DeValue::Float(float) => {
                let parsed = float.as_str().parse().ok().and_then(Number::from_f64);
                number(parsed, float.as_str(), faults)
            }
            DeValue::Table(table) => self.table(table, path, faults),
            DeValue::Array(items) => {
                let mut out = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    let place = Place { key: item.span(), value: item.span() };
                    self.spans.insert(path.clone(), place);
                    out.push(self.convert(item, &path, faults));
                }
                Value::Array(out)
            }
        }
    }
}

/// A hint for a common syntax error.
fn syntax_hint(message: &str) -> Option<String> {
    let hint = if message.contains("must be quoted") {
        "put a text in quotes, and give a key one value"
    } else if message.contains("invalid date") {
        "write an existing day, as 2019-06-30"
    } else {
        return None;
    };
    Some(hint.to_owned())
}
