//! Keys in a wrong table: where they belong.

use serde_json::Value;

/// More tables than these do not tell where a key was meant to be.
const MANY: usize = 3;

/// The hint of a key that the table it is in does not know, and others do.
pub(crate) fn elsewhere(schema: &Value, key: &str) -> Option<String> {
    let mut tables = Vec::new();
    find(schema, key, "", &mut tables);
    if tables.is_empty() || tables.len() > MANY {
        return None;
    }
    Some(format!("it belongs {}", tables.join(" or ")))
}

/// Adds the tables of a schema that have a key.
fn find(schema: &Value, key: &str, path: &str, tables: &mut Vec<String>) {
    // Its keys are those of another table.
    if schema.get("documentedAt").is_some() {
        return;
    }
    for options in ["anyOf", "oneOf"] {
        for option in schema.get(options).and_then(Value::as_array).into_iter().flatten() {
            find(option, key, path, tables);
        }
    }
    if let Some(items) = schema.get("items") {
        find(items, key, &format!("[{path}]"), tables);
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let table = match path {
        "" => "at the top of the file, above the first [table]".to_owned(),
        path => format!("under [{path}]"),
    };
    if properties.contains_key(key) && !tables.contains(&table) {
        tables.push(table);
    }
    for (name, inner) in properties {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        find(inner, key, &path, tables);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(key: &str) -> Option<String> {
        elsewhere(crate::schema(), key)
    }

    #[test]
    fn a_key_of_another_table_is_sent_there() {
        let belongs = |key| hint(key).unwrap();
        let top = "it belongs at the top of the file, above the first [table]";
        assert_eq!(belongs("periods_per_year"), top);
        assert_eq!(belongs("per_side_bps"), "it belongs under [costs]");
        assert_eq!(belongs("max_holdings"), "it belongs under [allocate]");
        let objective = "it belongs under [allocate.objective]";
        assert!(belongs("risk_aversion").starts_with(objective));
        assert_eq!(belongs("at"), objective);
        assert_eq!(hint("periods_per_yeer"), None);
    }

    #[test]
    fn the_error_of_a_study_says_so() {
        let text = "name = 'x'\n[market]\nperiods_per_year = 52\n";
        let error = crate::Study::parse("x.toml", text, &[]).unwrap_err();
        let hint = error
            .faults
            .iter()
            .find_map(|f| f.hint.clone().filter(|_| f.path.ends_with("periods_per_year")));
        assert!(hint.is_some_and(|hint| hint.contains("at the top of the file")), "{error}");
    }
}
