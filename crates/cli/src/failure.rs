//! Errors as people read them: what, where, the rule, the value and a hint.

use std::fmt;
use std::process::ExitCode;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report,
};
use walkfolio::catalogue::FilterError;
use walkfolio::{Error, StoreError, StudyError};

/// Why a command ended.
pub struct Failure {
    text: String,
    code: u8,
    said: Vec<(String, Option<String>)>,
}

impl Failure {
    /// A message and its hint.
    pub fn plain(message: String, hint: Option<String>) -> Self {
        let mut diagnostic = MietteDiagnostic::new(message.clone());
        diagnostic.help.clone_from(&hint);
        Self { text: render(&Report::new(diagnostic)), code: 2, said: vec![(message, hint)] }
    }

    /// What a signal has ended.
    pub fn interrupted(message: &str) -> Self {
        Self { code: 130, ..Self::plain(message.to_owned(), None) }
    }

    /// Several failures at once.
    pub fn all(failures: &[Self]) -> Self {
        let texts: Vec<&str> = failures.iter().map(|failure| failure.text.as_str()).collect();
        let said = failures.iter().flat_map(|failure| failure.said.iter().cloned());
        Self { text: texts.join("\n"), code: 2, said: said.collect() }
    }

    /// Its messages, each with its hint.
    pub fn said(&self) -> &[(String, Option<String>)] {
        &self.said
    }

    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }

    /// An error in a filter or a sort key, with its position.
    fn filter(error: &FilterError) -> Self {
        let mut diagnostic = MietteDiagnostic::new(error.message.clone());
        diagnostic.help.clone_from(&error.hint);
        let diagnostic =
            diagnostic.with_label(LabeledSpan::new_with_span(None, error.span.clone()));
        let report = Report::new(diagnostic).with_source_code(error.text.clone());
        let said = vec![(error.message.clone(), error.hint.clone())];
        Self { text: render(&report), code: 2, said }
    }

    fn study(error: &StudyError) -> Self {
        let mut said = Vec::new();
        let texts: Vec<String> = error
            .faults
            .iter()
            .map(|fault| {
                let message = match (fault.path.as_str(), &fault.span) {
                    ("", None) => format!("{}: {}", error.file, fault.message),
                    ("", Some(_)) => fault.message.clone(),
                    (path, _) => format!("{path}: {}", fault.message),
                };
                said.push((message.clone(), fault.hint.clone()));
                let mut diagnostic = MietteDiagnostic::new(message);
                diagnostic.help.clone_from(&fault.hint);
                let Some(span) = fault.span.clone() else {
                    return render(&Report::new(diagnostic));
                };
                let diagnostic = diagnostic.with_label(LabeledSpan::new_with_span(None, span));
                let source = NamedSource::new(&error.file, error.text.clone());
                render(&Report::new(diagnostic).with_source_code(source))
            })
            .collect();
        let mut text = texts.join("\n");
        if error.faults.len() > 1 {
            text = format!("{text}\n{} errors in {}", error.faults.len(), error.file);
        }
        Self { text, code: 2, said }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Study(error) => Self::study(&error),
            Error::Store(error) => error.into(),
            Error::Interrupted => Self::interrupted(&error.to_string()),
            error => Self::plain(error.to_string(), error.hint()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Filter(error) => Self::filter(&error),
            error => Self::plain(error.to_string(), error.hint()),
        }
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        Self::study(&error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.trim_end())
    }
}

fn render(report: &Report) -> String {
    let colour = crate::colour::wanted(&std::io::stderr());
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    // A date, an option or a file's name is not broken at its hyphens.
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(100)
        .with_links(false)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut text = String::new();
    match handler.render_report(&mut text, report.as_ref()) {
        Ok(()) => text,
        Err(_) => report.to_string(),
    }
}
