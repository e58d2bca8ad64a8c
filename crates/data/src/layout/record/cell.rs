//! Cells of a price record: what their values must be.

use crate::Result;
use crate::dialect::{Forms, PRICE_RULE, Rows};

/// A column of a record.
pub(super) type Place<'a> = (usize, &'a str);

/// A price.
pub(super) fn price(rows: &Rows<'_>, forms: &Forms, at: Place<'_>) -> Result<Option<f64>> {
    rows.number(forms, at, PRICE_RULE)
}

/// A number of shares.
pub(super) fn volume(rows: &Rows<'_>, forms: &Forms, at: Place<'_>) -> Result<Option<f64>> {
    let rule = "a volume must be a number of shares, such as 49.01M";
    checked(rows, forms, at, rule, |value| *value >= 0.0)
}

/// The amount or ratio of an event; `neutral` and missing values are not events.
pub(super) fn event(
    rows: &Rows<'_>,
    forms: &Forms,
    at: Place<'_>,
    neutral: &[f64],
) -> Result<Option<f64>> {
    let rule = "an event must be a positive number";
    let value = checked(rows, forms, at, rule, |value| value.is_finite() && *value >= 0.0)?;
    Ok(value.filter(|value| !neutral.contains(value)))
}

/// What a delisted asset paid in addition to its last close: a fraction from -1 on.
pub(super) fn delisting(rows: &Rows<'_>, forms: &Forms, at: Place<'_>) -> Result<Option<f64>> {
    let rule = "a delisting return is a fraction of at least -1: -0.3 loses 30 %";
    checked(rows, forms, at, rule, |value| value.is_finite() && *value >= -1.0)
}

fn checked(
    rows: &Rows<'_>,
    forms: &Forms,
    at: Place<'_>,
    rule: &'static str,
    sound: impl Fn(&f64) -> bool,
) -> Result<Option<f64>> {
    let Some(value) = rows.number(forms, at, rule)? else { return Ok(None) };
    let text = rows.record.get(at.0).unwrap_or_default();
    if sound(&value) { Ok(Some(value)) } else { Err(rows.bad_cell(at.1, text, rule)) }
}
