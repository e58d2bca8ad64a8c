//! Facts of a key in words.

use walkfolio::study::Key;

/// What a value is, with its unit.
pub fn kind_of(key: &Key) -> String {
    match &key.unit {
        Some(unit) => format!("{} ({unit})", key.of),
        None => key.of.clone(),
    }
}

/// The value of a key that is not set.
pub fn default_of(key: &Key) -> String {
    match (&key.default, key.required) {
        (Some(value), _) => value.clone(),
        (None, true) => "none, required".to_owned(),
        (None, false) => "not set".to_owned(),
    }
}

/// Whether two tables have the same kinds, whatever their paths.
pub fn same_kinds(a: &Key, b: &Key) -> bool {
    let inner = |keys: &[Key]| -> Vec<(String, String)> {
        let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
        keys.iter().map(|key| (last(&key.path), key.meaning.clone())).collect()
    };
    !a.kinds.is_empty()
        && a.kinds.len() == b.kinds.len()
        && a.kinds.iter().zip(&b.kinds).all(|(a, b)| {
            (&a.name, &a.meaning, inner(&a.keys)) == (&b.name, &b.meaning, inner(&b.keys))
        })
}
