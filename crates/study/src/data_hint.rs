//! What a user of studies and of the program can do about an error of the data: the keys and
//! commands that the data crate knows nothing of.

use walkfolio_data::Error;

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
        // The only hint that an error of the system has: a file that is not there.
        Error::Io { .. } => {
            format!("{hint}; files of a study are looked up below the data folder (--data)")
        }
        Error::NoSignal { .. } => "name assets as market.assets does".to_owned(),
        Error::NoPriceColumn { .. } => format!("{hint} and is read with layout = \"wide\""),
        Error::NoTimestamps { .. } | Error::Changed { .. } => {
            format!("{hint} with `walkfolio fetch`")
        }
        Error::Manifest { .. } => format!("{hint} with `walkfolio fetch --into`"),
        _ => hint,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_or_a_command_is_added_to_what_the_data_say() {
        let error = Error::NoTimestamps { file: "x.json".to_owned(), quotes: 3 };
        assert_eq!(error.hint().unwrap(), "download it again");
        assert_eq!(data_hint(&error).unwrap(), "download it again with `walkfolio fetch`");
        let error = Error::EmptyFile { file: "x.csv".to_owned() };
        assert_eq!(data_hint(&error), error.hint());
    }
}
