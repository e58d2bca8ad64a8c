//! The keys that a grid sweeps, or a tuner chooses among, and their values.

use std::collections::BTreeMap;

use serde_json::Value;

/// The type of the values of a swept key.
/// # Examples
/// ```
/// use serde_json::json;
/// use walkfolio_study::Swept;
///
/// assert_eq!(Swept::of(&[json!(3), json!(4)]), Swept::Integers);
/// assert_eq!(Swept::of(&[json!(3), json!(0.5)]), Swept::Numbers);
/// assert_eq!(Swept::of(&[json!("month"), json!("week")]), Swept::Texts);
/// assert_eq!(Swept::text(&json!("month")), "month");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// All are whole numbers.
    Integers,
    /// All are numbers.
    Numbers,
    /// Anything else, shown as text.
    Texts,
}

impl Swept {
    /// The type of some values.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let values: Vec<&Value> = values.into_iter().collect();
        if values.iter().all(|value| value.is_i64()) {
            Self::Integers
        } else if values.iter().all(|value| value.is_number()) {
            Self::Numbers
        } else {
            Self::Texts
        }
    }

    /// A value as text.
    pub fn text(value: &Value) -> String {
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// A value in a few letters: of a table only what is not the same in `all` values of its key.
    ///
    /// # Examples
    /// ```
    /// use serde_json::json;
    /// use walkfolio_study::Swept;
    ///
    /// let (free, fixed) = (json!({ "min": -1, "max": 1 }), json!({ "value": 0 }));
    /// assert_eq!(Swept::label(&free, &[&free, &fixed]), "max 1, min -1");
    /// assert_eq!(Swept::label(&json!(3), &[]), "3");
    /// ```
    pub fn label(value: &Value, all: &[&Value]) -> String {
        let Value::Object(entries) = value else { return Self::text(value) };
        let differs = |key: &str| all.iter().any(|other| other.get(key) != value.get(key));
        let own: Vec<String> = entries
            .iter()
            .filter(|(key, _)| differs(key))
            .map(|(key, value)| format!("{key} {}", Self::text(value)))
            .collect();
        if own.is_empty() { "–".to_owned() } else { own.join(", ") }
    }
}

/// Every combination of the values of some keys, the last key varying fastest.
///
/// # Examples
/// ```
/// use serde_json::json;
/// use walkfolio_study::combinations;
///
/// let grid = [("a", vec![json!(1), json!(2)]), ("b", vec![json!(3), json!(4)])];
/// let all = combinations(&grid.map(|(key, values)| (key.to_owned(), values)).into());
/// assert_eq!(all.len(), 4);
/// assert_eq!(all[1], [("a".to_owned(), json!(1)), ("b".to_owned(), json!(4))]);
/// ```
pub fn combinations(grid: &BTreeMap<String, Vec<Value>>) -> Vec<Vec<(String, Value)>> {
    let mut all = vec![Vec::new()];
    for (key, values) in grid {
        all = all
            .into_iter()
            .flat_map(|settings: Vec<(String, Value)>| {
                values.iter().map(move |value| {
                    let mut settings = settings.clone();
                    settings.push((key.clone(), value.clone()));
                    settings
                })
            })
            .collect();
    }
    all
}
