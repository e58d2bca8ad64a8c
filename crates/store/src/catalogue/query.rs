//! Which runs to list: a filter and an order, lowered to SQL with parameters.

use std::collections::BTreeSet;
use std::fmt::Write;

use rusqlite::types::Value as Parameter;
use rusqlite::{Row, params, params_from_iter};
use walkfolio_core::Date;

use super::columns::{Key, Type};
use super::database::Catalogue;
use super::entry::Entry;
use super::filter::{Condition, Operator, Value, parse};
use super::place::parent;
use crate::filter_error::FilterError;
use crate::{Error, Result};

/// Which runs to list, and in which order.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only runs for which this holds: `te < 0.08 and holdings_mean <= 6`.
    pub filter: Option<String>,
    /// In the order of this key, the largest first with `-` before it; the newest first without.
    /// Runs for which it is not defined come last.
    pub sort: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
    /// Without so many of the first.
    pub skip: usize,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The runs, in order.
    pub runs: Vec<Entry>,
    /// How many the filter matches, whatever the limit.
    pub matching: usize,
    /// How many there are.
    pub total: usize,
    /// The measures that the filter and the order name, each once.
    pub measures: Vec<String>,
    /// The key of the order by its whole name.
    pub sorted: Option<String>,
}

/// Status with folders that are gone; nothing of a user's goes into the text of a statement.
const STATUS: &str =
    "CASE WHEN run.folder IN (SELECT folder FROM temp.gone) THEN 'missing' ELSE run.status END";

impl Catalogue {
    /// The runs that a query asks for. A run whose folder is gone has the status `missing`.
    ///
    /// # Errors
    /// [`Error::Filter`] for a filter or an order that cannot be understood, [`Error::Catalogue`].
    pub fn runs(&self, query: &Query) -> Result<Listed> {
        let known = self.measure_keys()?;
        let condition = query.filter.as_deref().map(|text| parse(text, &known)).transpose()?;
        let order = query.sort.as_deref().map(|text| order(text, &known)).transpose()?;
        let mut measures = Vec::new();
        if let Some((Key::Measure(key), _)) = &order {
            measures.push(key.clone());
        }
        if let Some(condition) = &condition {
            named(condition, &mut measures);
        }
        let mut seen = BTreeSet::new();
        measures.retain(|key| seen.insert(key.clone()));
        let sorted = order.as_ref().map(|(key, _)| key.name().to_owned());
        self.list(condition.as_ref(), order.as_ref(), query)
            .map(|(runs, matching, total)| Listed { runs, matching, total, measures, sorted })
            .map_err(|error| Error::catalogue(self.path(), &error))
    }

    fn list(
        &self,
        condition: Option<&Condition>,
        order: Option<&(Key, bool)>,
        query: &Query,
    ) -> rusqlite::Result<(Vec<Entry>, usize, usize)> {
        let total = self.look_for_folders()?;
        let mut parameters = Vec::new();
        let filter = condition.map_or_else(|| "1".to_owned(), |all| lower(all, &mut parameters));
        let count = format!("SELECT count(*) FROM run WHERE {filter}");
        let matching: i64 =
            self.connection
                .query_row(&count, params_from_iter(parameters.iter()), |row| row.get(0))?;
        let order = order.map_or_else(String::new, |(key, descending)| {
            let value = expression(key, &mut parameters);
            let direction = if *descending { "DESC" } else { "ASC" };
            format!("{value} {direction} NULLS LAST, ")
        });
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        parameters.push(Parameter::Integer(query.limit.map_or(-1, count)));
        parameters.push(Parameter::Integer(count(query.skip)));
        let sql = format!(
            "SELECT id, folder, study, {STATUS}, kind, created, version, study_hash, data_hash,
                 vintage, synthetic, first, last, cells, decisions
             FROM run WHERE {filter} ORDER BY {order}created DESC, folder LIMIT ? OFFSET ?"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map(params_from_iter(parameters.iter()), entry)?;
        let mut runs = Vec::new();
        for row in rows {
            let (id, mut entry) = row?;
            entry.measures = self.measures(id)?;
            runs.push(entry);
        }
        Ok((runs, usize::try_from(matching).unwrap_or(0), total))
    }

    /// Notes which folders are gone, and counts all runs.
    fn look_for_folders(&self) -> rusqlite::Result<usize> {
        self.connection.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS gone (folder TEXT PRIMARY KEY); DELETE FROM temp.gone;",
        )?;
        let mut statement = self.connection.prepare("SELECT folder FROM run")?;
        let folders: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        if self.is_in_memory() {
            return Ok(folders.len());
        }
        let beside = parent(self.path()).unwrap_or_default();
        let mut note = self.connection.prepare("INSERT INTO temp.gone (folder) VALUES (?1)")?;
        for folder in &folders {
            if !beside.join(folder).join("run.json").is_file() {
                note.execute([folder])?;
            }
        }
        Ok(folders.len())
    }

    fn measures(&self, run: i64) -> rusqlite::Result<Vec<(String, f64)>> {
        let sql = "SELECT key, value FROM measure WHERE run = ?1 ORDER BY key";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_map(params![run], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<(i64, Entry)> {
    let count = |at: usize| -> rusqlite::Result<Option<usize>> {
        Ok(row.get::<_, Option<i64>>(at)?.and_then(|count| usize::try_from(count).ok()))
    };
    let date = |at: usize| -> rusqlite::Result<Option<Date>> {
        Ok(row.get::<_, Option<String>>(at)?.and_then(|text| text.parse().ok()))
    };
    let entry = Entry {
        folder: row.get(1)?,
        study: row.get(2)?,
        status: row.get(3)?,
        kind: row.get(4)?,
        created: row.get(5)?,
        version: row.get(6)?,
        study_hash: row.get(7)?,
        data_hash: row.get(8)?,
        vintage: row.get(9)?,
        synthetic: row.get(10)?,
        first: date(11)?,
        last: date(12)?,
        cells: count(13)?.unwrap_or(0),
        decisions: count(14)?,
        measures: Vec::new(),
    };
    Ok((row.get(0)?, entry))
}

/// The key of an order, and whether the largest come first.
fn order(text: &str, known: &BTreeSet<String>) -> Result<(Key, bool), FilterError> {
    let (key, descending) = match text.strip_prefix('-') {
        Some(key) => (key, true),
        None => (text, false),
    };
    Key::parse(key, known).map(|key| (key, descending)).map_err(|hint| FilterError {
        text: text.to_owned(),
        message: format!("unknown key `{key}`"),
        span: usize::from(descending)..text.len(),
        hint: Some(hint),
    })
}

/// The measures that a condition names.
fn named(condition: &Condition, measures: &mut Vec<String>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                named(part, measures);
            }
        }
        Condition::Not(part) => named(part, measures),
        Condition::Compare { key: Key::Measure(key), .. } => measures.push(key.clone()),
        Condition::Compare { .. } => {}
    }
}

/// The condition as SQL; its values and the keys of measures become parameters.
fn lower(condition: &Condition, parameters: &mut Vec<Parameter>) -> String {
    let mut join = |parts: &[Condition], word: &str| {
        let mut sql = "(".to_owned();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                let _ = write!(sql, " {word} ");
            }
            sql += &lower(part, parameters);
        }
        sql + ")"
    };
    match condition {
        Condition::All(parts) => join(parts, "AND"),
        Condition::Any(parts) => join(parts, "OR"),
        Condition::Not(part) => format!("(NOT {})", lower(part, parameters)),
        Condition::Compare { key, operator, value } => compare(key, *operator, value, parameters),
    }
}

fn compare(
    key: &Key,
    operator: Operator,
    value: &Value,
    parameters: &mut Vec<Parameter>,
) -> String {
    let text_like =
        matches!(key, Key::Column(column) if matches!(column.of, Type::Text | Type::Hash));
    let sign = match operator {
        Operator::Less => "<",
        Operator::AtMost => "<=",
        Operator::Greater => ">",
        Operator::AtLeast => ">=",
        // A run without a vintage has another one than any that is named.
        Operator::Equal if text_like => "IS",
        Operator::Unequal if text_like => "IS NOT",
        Operator::Equal => "=",
        Operator::Unequal => "<>",
    };
    let mut left = expression(key, parameters);
    if let (Key::Column(column), Value::Text(text)) = (key, value) {
        // A hash by its first letters, a moment by its day.
        let by_day = column.of == Type::Moment && text.len() == 10;
        if column.of == Type::Hash || by_day {
            left = format!("substr({left}, 1, {})", text.chars().count());
        }
    }
    parameters.push(match value {
        Value::Number(number) => Parameter::Real(*number),
        Value::Text(text) => Parameter::Text(text.clone()),
    });
    format!("({left} {sign} ?)")
}

/// The value of a key for a run.
fn expression(key: &Key, parameters: &mut Vec<Parameter>) -> String {
    match key {
        Key::Column(column) if column.name == "status" => format!("({STATUS})"),
        Key::Column(column) => format!("run.{}", column.name),
        Key::Measure(key) => {
            parameters.push(Parameter::Text(key.clone()));
            "(SELECT value FROM measure WHERE measure.run = run.id AND measure.key = ?)".to_owned()
        }
    }
}
