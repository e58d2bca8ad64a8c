//! A page of facts: a run without a report, the files of a run, or what went wrong.

use serde::Serialize;

use super::link::Link;
use super::shell::whole;
use super::table::Progress;
use crate::Result;
use crate::template::part;

/// A page of facts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Notice<'a> {
    /// Its title.
    pub title: &'a str,
    /// Links above it, from the outermost in.
    #[serde(skip)]
    pub trail: &'a [Link],
    /// A word for the state of a run.
    pub status: Option<&'a str>,
    /// What went wrong, or what must be known, in the order of weight.
    pub said: Vec<Said>,
    /// How far a run has come.
    pub progress: Option<Progress>,
    /// Changes when the page does; a page that is open looks for it.
    pub version: Option<u64>,
    /// Facts by name.
    pub facts: Vec<Fact>,
    /// What can be opened.
    pub links: Vec<Link>,
}

/// A message and what to do about it.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// The message.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A fact of a run.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// What it says.
    pub text: String,
}

impl Notice<'_> {
    /// The whole page.
    ///
    /// # Errors
    /// As [`html`](crate::html()).
    pub fn html(&self) -> Result<String> {
        whole(self.title, self.trail, part(include_str!("notice.html"), self)?)
    }
}
