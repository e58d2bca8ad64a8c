//! What is wrong with settings, each with its path.

use crate::number::shown;

/// One setting that breaks a rule.
/// # Examples
/// ```
/// use walkfolio_core::Faults;
///
/// let mut faults = Faults::default();
/// faults.above_zero("half_life", 0.0, "63 is a quarter of a year");
/// let fault = &faults.into_found()[0];
/// assert_eq!(fault.message, "must be above 0, found 0");
/// assert_eq!(fault.hint.as_deref(), Some("63 is a quarter of a year"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFault {
    /// The dotted path below the settings that were checked; empty for these as a whole.
    pub path: String,
    /// The rule and the value found.
    pub message: String,
    /// What to write in its place.
    pub hint: Option<String>,
}

/// Collects everything that is wrong with settings, so that all of it is reported at once.
///
/// # Examples
/// ```
/// use walkfolio_core::Faults;
///
/// let mut faults = Faults::default();
/// faults.window("window", 1, 2, "the covariance");
/// faults.above_zero("half_life_days", 63.0, "63 is a quarter of a year");
/// let found = faults.into_found();
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].path, "window");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    found: Vec<SettingFault>,
}

impl Faults {
    /// Adds a fault; an empty hint is none.
    pub fn push(&mut self, path: &str, message: impl Into<String>, hint: &str) {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.found.push(SettingFault { path: path.to_owned(), message: message.into(), hint });
    }

    /// A count must reach a minimum.
    pub fn at_least(&mut self, path: &str, value: u32, least: u32) {
        if value < least {
            self.push(path, format!("must be at least {least}, found {value}"), "");
        }
    }

    /// A number must not be negative.
    pub fn at_least_zero(&mut self, path: &str, value: f64) {
        if value < 0.0 {
            self.push(path, format!("must be at least 0, found {}", shown(value)), "");
        }
    }

    /// A number must be positive.
    pub fn above_zero(&mut self, path: &str, value: f64, hint: &str) {
        if value <= 0.0 {
            self.push(path, format!("must be above 0, found {}", shown(value)), hint);
        }
    }

    /// A number must be a fraction, from 0 to 1.
    pub fn fraction(&mut self, path: &str, value: f64, hint: &str) {
        if !(0.0..=1.0).contains(&value) {
            self.push(path, format!("must be between 0 and 1, found {}", shown(value)), hint);
        }
    }

    /// A window must have the rows that an estimator needs.
    pub fn window(&mut self, path: &str, rows: u32, least: u32, what: &str) {
        if rows < least {
            let message =
                format!("a window of {rows} rows is too short: {what} needs at least {least}");
            self.push(path, message, "give the window more rows");
        }
    }

    /// Checks a part of the settings: its faults are those below `path`.
    pub fn part(&mut self, path: &str, check: impl FnOnce(&mut Self)) {
        let before = self.found.len();
        check(self);
        for fault in &mut self.found[before..] {
            fault.path = match fault.path.as_str() {
                "" => path.to_owned(),
                below if below.starts_with('[') => format!("{path}{below}"),
                below => format!("{path}.{below}"),
            };
        }
    }

    /// What was found.
    pub fn into_found(self) -> Vec<SettingFault> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faults_of_a_part_lie_below_it() {
        let mut faults = Faults::default();
        faults.at_least("months", 3, 12);
        faults.part("review", |faults| {
            faults.fraction("stale", 2.0, "");
            faults.push("", "names no review", "write [5, 11]");
            faults.part("months", |faults| faults.at_least("[1]", 0, 1));
        });
        let paths: Vec<String> = faults.into_found().into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["months", "review.stale", "review", "review.months[1]"]);
    }
}
