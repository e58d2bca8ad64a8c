//! Overrides: `key=value` on the command line, and the cells of a grid.

use serde_json::Value;
use walkfolio_core::Note;

use crate::check::variant_keys;
use crate::fault::Fault;
use crate::tree::Tree;

/// Applies overrides in order.
///
/// A key that is set leaves the grid. Setting a `kind` drops the keys that the new variant lacks;
/// an inline table replaces the whole table. What is dropped is noted.
pub(crate) fn apply_all(tree: &mut Tree, overrides: &[String]) -> Result<Vec<Note>, Vec<Fault>> {
    let (mut notes, mut faults) = (Vec::new(), Vec::new());
    for text in overrides {
        match parse(text) {
            Ok((key, value)) => {
                notes.extend(leave_grid(tree, &key));
                match apply(tree, &key, value) {
                    Ok(more) => notes.extend(more),
                    Err(more) => faults.extend(more),
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(notes) } else { Err(faults) }
}

/// Sets one dotted key.
pub(crate) fn apply(tree: &mut Tree, key: &str, value: Value) -> Result<Vec<Note>, Vec<Fault>> {
    let mut notes = Vec::new();
    if let (Some(parent), Value::String(kind)) = (key.strip_suffix(".kind"), &value) {
        notes = drop_foreign_keys(tree, parent, kind);
    }
    match tree.insert(key, value) {
        Ok(()) => Ok(notes),
        Err(message) => Err(vec![fault(key, message, None)]),
    }
}

fn parse(text: &str) -> Result<(String, Value), Fault> {
    let hint = || Some("write --set costs.per_side_bps=10".to_owned());
    let Some((key, value)) = text.split_once('=') else {
        return Err(fault("--set", format!("`{text}` has no `=`"), hint()));
    };
    let key = key.trim();
    if key.is_empty() || key.split('.').any(str::is_empty) {
        return Err(fault("--set", format!("`{text}` has no key"), hint()));
    }
    let parsed = Tree::parse(&format!("value = {value}"))
        // Bare words are taken as text: --set walk_forward.every=week, --set allocate.fallbacks=[relax,previous].
        .or_else(|error| {
            words(value).map_or(Err(error), |list| Tree::parse(&format!("value = {list}")))
        })
        .or_else(|_| Tree::parse(&format!("value = {}", Value::from(value.trim()))));
    match parsed.ok().and_then(|mut tree| tree.value.get_mut("value").map(Value::take)) {
        Some(value) => Ok((key.to_owned(), value)),
        None => Err(fault(key, format!("`{value}` is not a TOML value"), hint())),
    }
}

/// A list whose quotes a shell has taken, with quotes again; none of anything else.
fn words(value: &str) -> Option<Value> {
    let items = value.trim().strip_prefix('[')?.strip_suffix(']')?.split(',').map(str::trim);
    let is_word = |item: &str| {
        let signs = |sign: char| sign.is_alphanumeric() || "._-^/&*".contains(sign);
        !item.is_empty() && item.chars().all(signs)
    };
    let items: Vec<&str> = items.collect();
    items.iter().all(|item| is_word(item)).then(|| items.into())
}

fn leave_grid(tree: &mut Tree, key: &str) -> Option<Note> {
    let Some(Value::Object(grid)) = tree.value.get_mut("grid") else { return None };
    let below = format!("{key}.");
    let swept: Vec<String> =
        grid.keys().filter(|swept| *swept == key || swept.starts_with(&below)).cloned().collect();
    for swept in &swept {
        grid.remove(swept);
    }
    if grid.is_empty() {
        tree.remove("grid");
    }
    (!swept.is_empty()).then(|| {
        Note::info(format!("{key} is set, so {} is removed from the grid", swept.join(", ")))
    })
}

fn drop_foreign_keys(tree: &mut Tree, parent: &str, kind: &str) -> Vec<Note> {
    let Some(known) = variant_keys(parent, kind) else { return Vec::new() };
    let foreign = |key: &str| !known.iter().any(|known| known == key);
    let keys = |value: Option<&Value>| -> Vec<String> {
        value
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|table| table.keys().cloned())
            .collect()
    };
    let mut notes = Vec::new();
    for key in keys(tree.get(parent)).into_iter().filter(|key| foreign(key)) {
        tree.remove(&format!("{parent}.{key}"));
        notes.push(Note::info(format!(
            "{parent}.{key} is dropped: {parent} of kind \"{kind}\" has no such key"
        )));
    }
    for swept in keys(tree.get("grid")) {
        let below = swept.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.'));
        if below.is_some_and(foreign) {
            notes.extend(leave_grid(tree, &swept));
        }
    }
    notes
}

fn fault(path: &str, message: String, hint: Option<String>) -> Fault {
    Fault { path: path.to_owned(), message, hint, span: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_bare_words_is_one_of_texts() {
        let value = |text: &str| parse(&format!("key={text}")).unwrap().1;
        assert_eq!(value("[relax, previous]"), json!(["relax", "previous"]));
        assert_eq!(value("[BRK.B,^GSPC]"), json!(["BRK.B", "^GSPC"]));
        assert_eq!(value("[0.1, 0.2]"), json!([0.1, 0.2]));
        // What is no list of words stays the text that it is.
        assert_eq!(value("[a b]"), json!("[a b]"));
        assert_eq!(value("[relax,]"), json!("[relax,]"));
    }
}
