//! A table of runs, or of the backtests of a grid, that is sorted and filtered by links and a form.

use serde::Serialize;

use super::address::encoded;
use super::link::Link;
use super::shell::whole;
use crate::Result;
use crate::template::part;

/// A table.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    /// What it is of.
    pub title: &'a str,
    /// The folder.
    pub place: &'a str,
    /// Links above it, from the outermost in.
    pub trail: &'a [Link],
    /// What was asked for.
    pub filter: Filter<'a>,
    /// Which part is shown.
    pub page: Page,
    /// The columns behind the name: words first, then numbers.
    pub columns: &'a [Column],
    /// The rows of this part.
    pub rows: &'a [Row],
    /// Whether rows can be chosen for a comparison.
    pub chosen: bool,
    /// Changes with what is listed; a page that is open looks for it. None of a table that does not change.
    pub version: Option<u64>,
    /// What to say where there is no row.
    pub empty: &'a str,
}

/// What was asked for, in the words of `walkfolio runs`.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Filter<'a> {
    /// As `--where`.
    pub filter: &'a str,
    /// As `--sort`.
    pub sort: &'a str,
    /// The key of the column that is sorted by, where a short name was asked for.
    pub sorted: &'a str,
    /// An example of a filter.
    pub example: &'a str,
    /// What is wrong with it: the text before, the part at fault, the text behind.
    pub fault: Option<[&'a str; 3]>,
    /// The message.
    pub message: &'a str,
    /// What to do about it.
    pub hint: Option<&'a str>,
}

/// Which part of the rows is shown.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// From 1 on.
    pub number: usize,
    /// Rows of a page.
    pub rows: usize,
    /// Rows that match.
    pub matching: usize,
    /// Rows that there are.
    pub total: usize,
}

/// A column.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    /// The key to sort by; none of a column that has no order.
    pub key: Option<String>,
    /// The heading.
    pub label: String,
    /// What it is, in full.
    pub title: String,
    /// Whether it holds numbers.
    pub number: bool,
}

/// A row.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// What it is called, and chosen by.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// Whether it can be compared.
    pub comparable: bool,
    /// How it ended: a word.
    pub status: String,
    /// What else there is to say of it.
    pub note: String,
    /// How far it has come.
    pub progress: Option<Progress>,
    /// A text for each column; empty where there are none.
    pub cells: Vec<String>,
}

/// How far a run has come.
#[derive(Debug, Clone, Serialize)]
pub struct Progress {
    /// How many are done.
    pub done: usize,
    /// How many there are.
    pub total: usize,
    /// The same in words.
    pub text: String,
}

/// A page of the table that can be turned to.
#[derive(Debug, Clone, Serialize)]
pub struct Turn {
    /// Its address.
    pub href: String,
    /// What it is called.
    pub text: &'static str,
}

#[derive(Serialize)]
struct Heading<'a> {
    #[serde(flatten)]
    column: &'a Column,
    href: Option<String>,
    order: &'static str,
}

#[derive(Serialize)]
struct Body<'a> {
    title: &'a str,
    place: &'a str,
    asked: Filter<'a>,
    name: Heading<'a>,
    status: Heading<'a>,
    headings: Vec<Heading<'a>>,
    rows: &'a [Row],
    chosen: bool,
    version: Option<u64>,
    counted: String,
    turns: Vec<Turn>,
    empty: &'a str,
}

impl Table<'_> {
    /// The whole page.
    ///
    /// # Errors
    /// As [`html`](crate::html()).
    pub fn html(&self) -> Result<String> {
        let fixed = |key: Option<&str>, label: &str, title: &str| Column {
            key: key.map(str::to_owned),
            label: label.to_owned(),
            title: title.to_owned(),
            number: false,
        };
        let (name, what) = if self.chosen {
            ("run", "folder of the run")
        } else {
            ("cell", "number of the backtest")
        };
        let name = fixed(Some(name), name, what);
        let status = fixed(self.chosen.then_some("status"), "status", "how it ended");
        let body = Body {
            title: self.title,
            place: self.place,
            asked: self.filter,
            name: self.heading(&name),
            status: self.heading(&status),
            headings: self.columns.iter().map(|column| self.heading(column)).collect(),
            rows: self.rows,
            chosen: self.chosen,
            version: self.version,
            counted: self.counted(),
            turns: self.turns(),
            empty: self.empty,
        };
        whole(self.title, self.trail, part(include_str!("table.html"), body)?)
    }

    /// A heading that sorts by its column: numbers from the lowest on, and the other way round the next time.
    fn heading<'b>(&self, column: &'b Column) -> Heading<'b> {
        let Filter { sort, sorted, .. } = self.filter;
        let asked = sort.strip_prefix('-').unwrap_or(sort);
        let key = column.key.as_deref();
        let is_sorted = !sort.is_empty() && key.is_some_and(|key| key == asked || key == sorted);
        let order = match (is_sorted, sort.starts_with('-')) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        };
        let href = key.map(|key| {
            let back = if order == "ascending" { "-" } else { "" };
            self.address(&format!("{back}{key}"), 1)
        });
        Heading { column, href, order }
    }

    fn address(&self, sort: &str, page: usize) -> String {
        let pairs = [("filter", self.filter.filter), ("sort", sort)];
        let mut parts: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| format!("{key}={}", encoded(value)))
            .collect();
        if page > 1 {
            parts.push(format!("page={page}"));
        }
        format!("?{}", parts.join("&"))
    }

    fn counted(&self) -> String {
        let Page { number, rows, matching, total } = self.page;
        let noun = match (self.chosen, total) {
            (true, 1) => "run",
            (true, _) => "runs",
            (false, 1) => "backtest",
            (false, _) => "backtests",
        };
        let of = if matching == total {
            format!("{total} {noun}")
        } else {
            format!("{matching} of {total} {noun} match")
        };
        if matching <= rows {
            return of;
        }
        let first = (number - 1) * rows + 1;
        if first > matching {
            return format!("{of}; page {number} is behind the last");
        }
        format!("{of}; {first} to {} are shown", (first + rows - 1).min(matching))
    }

    fn turns(&self) -> Vec<Turn> {
        let Page { number, rows, matching, .. } = self.page;
        let turn = |page: usize, text| Turn { href: self.address(self.filter.sort, page), text };
        // Of a page behind the last, as after runs are removed, it leads to the last.
        let last = matching.div_ceil(rows.max(1)).max(1);
        let before = (number > 1).then(|| turn((number - 1).min(last), "Previous"));
        let after = (number * rows < matching).then(|| turn(number + 1, "Next"));
        before.into_iter().chain(after).collect()
    }
}
