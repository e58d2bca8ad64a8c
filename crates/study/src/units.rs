//! The units of keys: what a number with a sign of its own means in them.

use serde_json::Value;

/// The unit that the end of a key's name states.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    let units = [
        ("_days", "sessions"),
        ("_months", "months"),
        ("_bps", "basis points"),
        ("window", "periods"),
        ("execution_lag", "periods"),
    ];
    let found = units.iter().find(|(end, _)| name.ends_with(end) || name == &end[1..]);
    found.map(|(_, unit)| *unit)
}

/// How to write a percentage or basis points, as text, in the key's own unit.
pub(crate) fn hint(kind: &str, value: &Value, schema: &Value, path: &str) -> Option<String> {
    let (true, Value::String(text)) = (kind == "number", value) else { return None };
    let fraction = fraction(text)?;
    let name = path.rsplit('.').next().unwrap_or(path);
    let described = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let stated = described.lines().find_map(|line| line.strip_prefix("Unit: "));
    Some(match stated.map(|unit| unit.trim_end_matches('.')).or_else(|| of_name(name)) {
        Some("basis points") => {
            format!("write {}: the unit is basis points, 1 is 0.01 %", rounded(fraction * 1e4))
        }
        Some(unit) if !unit.contains("fraction") && !unit.contains("probability") => {
            format!("write a number; its unit is: {unit}")
        }
        _ => format!("write {}: percentages are fractions", rounded(fraction)),
    })
}

/// `30%` or `5 bps` as a fraction.
fn fraction(text: &str) -> Option<f64> {
    let text = text.trim();
    let ends = [("%", 1e2), ("bps", 1e4), ("bp", 1e4)];
    let (number, whole) =
        ends.iter().find_map(|(end, whole)| Some((text.strip_suffix(end)?, whole)))?;
    let value: f64 = number.trim().parse().ok()?;
    value.is_finite().then_some(value / whole)
}

/// Without the last digits that a change of unit leaves.
fn rounded(value: f64) -> f64 {
    format!("{value:.12}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(path: &str, unit: &str, text: &str) -> Option<String> {
        hint(
            "number",
            &json!(text),
            &json!({ "description": format!("What.\nUnit: {unit}.") }),
            path,
        )
    }

    #[test]
    fn a_hint_is_in_the_unit_of_its_key() {
        let bps =
            |text: &str| hint("number", &json!(text), &json!({}), "costs.per_side_bps").unwrap();
        assert_eq!(bps("0.05%"), "write 5: the unit is basis points, 1 is 0.01 %");
        assert_eq!(bps("0.07 %"), "write 7: the unit is basis points, 1 is 0.01 %");
        assert_eq!(bps("5 bps"), "write 5: the unit is basis points, 1 is 0.01 %");
        let max = |text| said("allocate.bounds.max", "fraction of equity", text).unwrap();
        assert_eq!(max("30%"), "write 0.3: percentages are fractions");
        assert_eq!(max("7%"), "write 0.07: percentages are fractions");
        let year = said("periods_per_year", "sessions per year", "10%").unwrap();
        assert_eq!(year, "write a number; its unit is: sessions per year");
        assert_eq!(said("periods_per_year", "sessions per year", "many"), None);
    }
}
