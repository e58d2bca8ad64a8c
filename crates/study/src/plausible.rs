//! Numbers that are allowed and far from what anyone means: mostly another unit than the key's.

use serde_json::Value;
use walkfolio_core::number::shown;

use crate::keys::Key;

/// The smallest and the largest plausible size of a number in a unit; 0 is always plausible.
const RANGES: [(&str, f64, f64); 10] = [
    ("basis points", 0.01, 500.0),
    ("fraction of equity", 1e-5, 10.0),
    ("fraction", 1e-5, 10.0),
    ("1 for the market", 1e-3, 5.0),
    ("periods", 1.0, 10_000.0),
    ("sessions", 1.0, 10_000.0),
    ("months", 1.0, 600.0),
    ("seconds", 1e-3, 86_400.0),
    ("assets", 1.0, 100_000.0),
    ("of the objective, for costs of 1", 1e-9, 1e4),
];

/// A sentence for each number of a resolved study that is implausible in the unit of its key.
pub(crate) fn implausible(study: &Value, keys: &[Key]) -> Vec<String> {
    let mut found = Vec::new();
    for key in keys {
        let name = key.path.rsplit('.').next().unwrap_or(&key.path);
        if let Some(value) = study.get(name) {
            of_key(value, key, &mut found);
        }
    }
    found
}

fn of_key(value: &Value, key: &Key, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                of_key(item, key, found);
            }
        }
        Value::Number(number) => {
            found.extend(number.as_f64().and_then(|size| of_number(size, key)));
        }
        Value::Object(table) => {
            let kind = table.get("kind").and_then(Value::as_str);
            let variant = key.kinds.iter().find(|one| Some(one.name.as_str()) == kind);
            let keys = variant.map_or(&key.keys, |variant| &variant.keys);
            found.extend(implausible(value, keys));
        }
        _ => {}
    }
}

fn of_number(value: f64, key: &Key) -> Option<String> {
    let unit = key.unit.as_deref()?;
    let (_, low, high) = RANGES.iter().find(|(name, ..)| *name == unit)?;
    let size = value.abs();
    if size == 0.0 || (*low..=*high).contains(&size) {
        return None;
    }
    let path = &key.path;
    let meaning = match unit {
        "basis points" => {
            format!(" ({} basis points are {} %)", shown(value), shown(value / 100.0))
        }
        _ => String::new(),
    };
    Some(format!(
        "{path} = {} is implausible{meaning}: its unit is {unit}, and values from {low} to {high} are usual",
        shown(value)
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn costs_of_another_unit_are_reported() {
        let said =
            |bps: f64| implausible(&json!({ "costs": { "per_side_bps": bps } }), crate::keys());
        assert_eq!(
            said(5000.0),
            ["costs.per_side_bps = 5000 is implausible (5000 basis points are 50 %): its unit is \
              basis points, and values from 0.01 to 500 are usual"]
        );
        assert_eq!(said(0.001).len(), 1);
        let priced = |times: f64| {
            implausible(&json!({ "allocate": { "trading_costs": times } }), crate::keys())
        };
        assert_eq!(
            priced(1e12),
            [
                "allocate.trading_costs = 1000000000000 is implausible: its unit is of the objective, \
              for costs of 1, and values from 0.000000001 to 10000 are usual"
            ]
        );
        assert_eq!(priced(1.0), Vec::<String>::new());
        for usual in [0.0, 0.05, 5.0, 150.0] {
            assert_eq!(said(usual), Vec::<String>::new(), "{usual}");
        }
    }

    #[test]
    fn tables_of_a_kind_and_lists_are_looked_into() {
        let study = json!({
            "allocate": {
                "objective": { "kind": "tracking_error", "window": 100_000 },
                "groups": [{ "name": "a", "assets": [], "max": 30.0 }],
            },
        });
        let found = implausible(&study, crate::keys());
        assert!(found[0].starts_with("allocate.groups.max = 30 is implausible"), "{found:?}");
        assert!(found[1].starts_with("allocate.objective.window = 100000"), "{found:?}");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn shipped_studies_are_plausible() {
        let files = std::fs::read_dir("../../studies").unwrap().map(|entry| entry.unwrap().path());
        let studies = files.filter(|path| path.extension().is_some_and(|end| end == "toml"));
        let mut count = 0;
        for path in studies {
            let study = crate::Study::load(&path, &[]).unwrap();
            let found = implausible(&study.resolved(), crate::keys());
            assert_eq!(found, Vec::<String>::new(), "{}", path.display());
            count += 1;
        }
        assert!(count > 3);
    }
}
