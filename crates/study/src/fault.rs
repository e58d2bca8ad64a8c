//! What is wrong with a study, and where.

use std::fmt;
use std::ops::Range;

/// One error in a study.
/// # Examples
/// See [`StudyError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The dotted key; empty for the file as a whole.
    pub path: String,
    /// The rule and the value found.
    pub message: String,
    /// How to fix it.
    pub hint: Option<String>,
    /// Its position in the file, in bytes; none for an override.
    pub span: Option<Range<usize>>,
}

/// All errors of a study file.
/// # Examples
/// ```
/// use walkfolio_study::Study;
///
/// let error = Study::parse("x.toml", "name = \"x\"\nmarkt = 1\n", &[]).unwrap_err();
/// let fault = error.faults.iter().find(|fault| fault.path == "markt").unwrap();
/// assert_eq!((fault.message.as_str(), error.line(fault)), ("unknown key `markt`", Some(2)));
/// assert_eq!(fault.hint.as_deref(), Some("did you mean `market`?"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyError {
    /// The file.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The errors, in the order of their positions.
    pub faults: Vec<Fault>,
}

impl StudyError {
    /// The errors of a file, in the order of their lines.
    pub fn new(file: &str, text: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| fault.span.as_ref().map_or(usize::MAX, |span| span.start));
        Self { file: file.to_owned(), text: text.to_owned(), faults }
    }

    pub(crate) fn unreadable(file: &str, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => Some("check the path".to_owned()),
            std::io::ErrorKind::IsADirectory => Some("name a study file in it".to_owned()),
            std::io::ErrorKind::InvalidData => Some("save it as UTF-8 text".to_owned()),
            _ => None,
        };
        let message = format!("cannot read the study: {error}");
        let fault = Fault { path: String::new(), message, hint, span: None };
        Self { file: file.to_owned(), text: String::new(), faults: vec![fault] }
    }

    /// The line of an error, counted from 1.
    pub fn line(&self, fault: &Fault) -> Option<usize> {
        let start = fault.span.as_ref()?.start;
        Some(self.text.get(..start).unwrap_or(&self.text).matches('\n').count() + 1)
    }
}

impl fmt::Display for StudyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", self.file)?;
            if let Some(line) = self.line(fault) {
                write!(f, ":{line}")?;
            }
            if !fault.path.is_empty() {
                write!(f, ": {}", fault.path)?;
            }
            write!(f, ": {}", fault.message)?;
            if let Some(hint) = &fault.hint {
                write!(f, " ({hint})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for StudyError {}
