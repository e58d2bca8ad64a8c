use super::*;
use crate::tree::Tree;

/// Every key, with the ones in kinds.
fn all(keys: &[Key]) -> Vec<&Key> {
    let mut found = Vec::new();
    for key in keys {
        found.push(key);
        found.extend(all(&key.keys));
        for kind in &key.kinds {
            found.extend(all(&kind.keys));
        }
    }
    found
}

/// The schema at a key's path, by the kind that has the key.
fn schemas(schema: &Value, path: &[&str]) -> Vec<Value> {
    let schema = some_of(schema);
    let inner = schema.get("items").filter(|items| items.is_object()).map_or(schema, some_of);
    let Some((first, rest)) = path.split_first() else { return vec![schema.clone()] };
    let own = inner.get("properties").and_then(|all| all.get(*first)).cloned();
    let kinds = variants(inner).into_iter().flatten();
    let kinds = kinds.filter_map(|kind| kind.get("properties")?.get(*first).cloned());
    own.into_iter().chain(kinds).flat_map(|schema| schemas(&schema, rest)).collect()
}

#[test]
fn every_key_says_what_it_means_and_shows_an_example() {
    let keys = keys();
    let lacking = |what: &str, lacks: &dyn Fn(&Key) -> bool| {
        let paths: Vec<&str> =
            all(keys).into_iter().filter(|key| lacks(key)).map(|key| key.path.as_str()).collect();
        assert!(paths.is_empty(), "no {what}: {paths:#?}");
    };
    lacking("meaning", &|key| key.meaning.is_empty());
    lacking("unit", &|key| key.of.contains("number") && key.unit.is_none());
    lacking("example", &|key| key.example.is_none() && !key.of.contains("table"));
    lacking("words", &|key| key.words.iter().any(|word| word.meaning.is_empty()));
    lacking("kinds", &|key| key.kinds.iter().any(|kind| kind.meaning.is_empty()));
}

#[test]
fn every_example_is_what_the_schema_asks_for() {
    let schema = check::schema();
    let keys = keys();
    for key in all(keys) {
        let Some(example) = &key.example else { continue };
        let tree = Tree::parse(example).unwrap_or_else(|_| panic!("{}: {example}", key.path));
        let name = key.path.rsplit('.').next().unwrap();
        let path: Vec<&str> = key.path.split('.').collect();
        let fits = schemas(schema, &path).iter().any(|schema| {
            let mut table = Map::new();
            table.insert(name.to_owned(), schema.clone());
            let one = serde_json::json!({
                "type": "object", "additionalProperties": false, "properties": table
            });
            check::check_against(&tree, &one).is_empty()
        });
        assert!(fits, "{}: `{example}` is not valid", key.path);
    }
}

#[test]
fn keys_are_found_by_path_by_kind_and_by_their_end() {
    let keys = keys();
    let found = |name: &str| -> Vec<String> {
        find(keys, name).into_iter().map(|key| key.path.clone()).collect()
    };
    assert_eq!(found("allocate.bounds.max"), ["allocate.bounds.max"]);
    assert_eq!(found("max_holdings"), ["allocate.max_holdings"]);
    assert_eq!(found("allocate.objective.lambda").len(), 2);
    assert_eq!(found("allocate.objective.robust_utility.lambda"), ["allocate.objective.lambda"]);
    assert_eq!(found("robust_utility"), ["allocate.objective"]);
    assert_eq!(found("period.name"), ["period.name"]);
    assert_eq!(found("nothing_of_the_kind"), [""; 0]);
    assert!(paths(keys).contains(&"allocate.objective.robust_utility.lambda".to_owned()));
}

#[test]
fn a_description_is_taken_apart() {
    let text = "Largest\nweight.\n\nMore of it.\n\nUnit: fraction of equity.\nExample: `max = 0.3`";
    let text = Text::of(&serde_json::json!({ "description": text }));
    assert_eq!(text.meaning, "Largest weight.\n\nMore of it.");
    assert_eq!(text.unit.as_deref(), Some("fraction of equity"));
    assert_eq!(text.example.as_deref(), Some("max = 0.3"));
}
