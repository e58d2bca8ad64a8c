//! Keys that had another name: an old one is unknown, and its hint names the new one.

/// Dotted keys, without the places of lists (`period.name`), and the last part of their new name.
const RENAMED: [(&str, &str); 7] = [
    ("allocate.objective.stay_near", "ridge_to_holdings"),
    ("allocate.objective.window_days", "window"),
    ("estimate.covariance.window_days", "window"),
    ("estimate.expected_returns.window_days", "window"),
    ("market.split_gaps_over_days", "max_gap"),
    ("select.labels.window_days", "window"),
    ("walk_forward.execution_lag_days", "execution_lag"),
];

/// The last part of the name that a key now has.
pub fn renamed(path: &str) -> Option<&'static str> {
    let plain = without_places(path);
    RENAMED.iter().find(|(old, _)| *old == plain).map(|(_, new)| *new)
}

/// `period[2].name` is `period.name`.
fn without_places(path: &str) -> String {
    let mut inside = false;
    let outside = path.chars().filter(|c| {
        let keep = !inside && *c != '[';
        inside = *c == '[' || (inside && *c != ']');
        keep
    });
    outside.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_key_has_a_new_name_wherever_it_is_in_a_list() {
        assert_eq!(renamed("walk_forward.execution_lag_days"), Some("execution_lag"));
        assert_eq!(renamed("walk_forward.execution_lag"), None);
        assert_eq!(renamed("market.split_gaps_over_days"), Some("max_gap"));
        assert_eq!(renamed("market.max_gap"), None);
        assert_eq!(without_places("period[2].name"), "period.name");
    }
}
