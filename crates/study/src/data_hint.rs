//! What a user of studies and of the program can do about an error of the data: the keys and
//! commands that the data crate knows nothing of.

use walkfolio_data::quality::{Finding, Kind};
use walkfolio_data::{Error, FactorError};

/// The hint of an error of the data, in the words of studies.
///
/// # Examples
/// ```
/// use walkfolio_data::Error;
/// use walkfolio_study::data_hint;
///
/// let error = Error::NoTimestamps { file: "x.json".to_owned(), quotes: 3 };
/// assert_eq!(data_hint(&error).as_deref(), Some("download it again with `walkfolio fetch`"));
/// ```
pub fn data_hint(error: &Error) -> Option<String> {
    let hint = error.hint()?;
    Some(match error {
        Error::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            format!("{hint}; files of a study are looked up below the data folder (--data)")
        }
        Error::NoSignal { .. } => "name assets as market.assets does".to_owned(),
        Error::NoPriceColumn { .. } => format!("{hint} and is read with layout = \"wide\""),
        Error::NoTimestamps { .. } | Error::Changed { .. } => {
            format!("{hint} with `walkfolio fetch`")
        }
        Error::Faulty { finding, .. } => {
            let kind = finding.kind.as_str();
            format!("{}, or take \"fail\" out of clean.{kind}", finding.hint())
        }
        Error::Factors(FactorError::NoUnit { .. }) => format!(
            "{hint}: market.factors = {{ model = \"french3\", unit = \"percent\" }} or \"fraction\""
        ),
        Error::Factors(FactorError::Lacks { .. }) => {
            format!("{hint}; market.files.factors takes a list, market.factors names the model")
        }
        Error::Factors(FactorError::NoRate { .. }) => format!("{hint}: market.risk_free.column"),
        Error::Manifest { .. } => format!("{hint} with `walkfolio fetch --into`"),
        _ => hint,
    })
}

/// The hint of a finding, with the key that cleans it.
pub fn finding_hint(finding: &Finding) -> String {
    let (kind, hint) = (finding.kind, finding.hint());
    match kind {
        Kind::BadPrice | Kind::UnitError | Kind::Reversal | Kind::StalePrice | Kind::Gap => {
            format!("{hint}, or set clean.{}", kind.as_str())
        }
        _ => hint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use walkfolio_data::quality::Severity;

    use super::*;

    #[test]
    fn a_key_or_a_command_is_added_to_what_the_data_say() {
        let error = Error::NoTimestamps { file: "x.json".to_owned(), quotes: 3 };
        assert_eq!(error.hint().unwrap(), "download it again");
        assert_eq!(data_hint(&error).unwrap(), "download it again with `walkfolio fetch`");
        let date = walkfolio_core::Date::constant(2024, 2, 14);
        let finding = Finding {
            kind: Kind::Gap,
            severity: Severity::Warning,
            asset: None,
            first: date,
            last: date,
            value: None,
            message: "XLE has no price".to_owned(),
        };
        assert_eq!(finding_hint(&finding), "supply the prices, or set clean.gap");
        let error = Error::Faulty { file: "x.csv".to_owned(), finding: Box::new(finding) };
        let hint = data_hint(&error).unwrap();
        assert_eq!(hint, "supply the prices, or take \"fail\" out of clean.gap");
        let error = Error::EmptyFile { file: "x.csv".to_owned() };
        assert_eq!(data_hint(&error), error.hint());
    }
}
