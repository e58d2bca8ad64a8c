//! The factors of a model, from one file or several.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{FactorTable, RISK_FREE, Unit};
use crate::{FactorError, Result};

/// A set of factors; each model also needs the risk-free rate, `RF`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorModel {
    /// The three factors of Fama and French (1993): Mkt-RF, SMB and HML.
    French3,
    /// The four of Carhart (1997): those three and momentum, Mom.
    Carhart4,
    /// The five of Fama and French (2015): Mkt-RF, SMB, HML, RMW and CMA.
    French5,
    /// The six of Fama and French (2018): those five and momentum, Mom.
    French6,
}

impl FactorModel {
    /// Every model.
    pub const ALL: [Self; 4] = [Self::French3, Self::Carhart4, Self::French5, Self::French6];

    /// Its name in a study.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::French3 => "french3",
            Self::Carhart4 => "carhart4",
            Self::French5 => "french5",
            Self::French6 => "french6",
        }
    }

    /// Its factors, in the order of tables.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_data::FactorModel;
    ///
    /// assert_eq!(FactorModel::Carhart4.factors(), ["Mkt-RF", "SMB", "HML", "Mom"]);
    /// ```
    pub fn factors(self) -> &'static [&'static str] {
        match self {
            Self::French3 => &["Mkt-RF", "SMB", "HML"],
            Self::Carhart4 => &["Mkt-RF", "SMB", "HML", "Mom"],
            Self::French5 => &["Mkt-RF", "SMB", "HML", "RMW", "CMA"],
            Self::French6 => &["Mkt-RF", "SMB", "HML", "RMW", "CMA", "Mom"],
        }
    }
}

/// Which factors to read, and from where.
///
/// # Examples
/// ```
/// use walkfolio_data::{FactorModel, FactorRequest};
///
/// let request = FactorRequest::french3("F-F_Research_Data_Factors_daily_CSV.zip");
/// assert_eq!((request.model, request.unit), (FactorModel::French3, None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorRequest {
    /// Files of Ken French's library, text or zip, or tables of dates and factors; joined by date, a factor
    /// that is in several is taken from the first.
    pub files: Vec<PathBuf>,
    /// The factors.
    pub model: FactorModel,
    /// The unit of the files; of the library's own it is percent.
    pub unit: Option<Unit>,
}

impl FactorRequest {
    /// The three factors of a file of Ken French's library.
    pub fn french3(file: impl Into<PathBuf>) -> Self {
        Self { files: vec![file.into()], model: FactorModel::French3, unit: None }
    }
}

/// A table with the factors of a model and the risk-free rate last, and the names of its files.
///
/// Several files are joined over the rows from the last beginning to the first end.
pub(super) fn joined(
    tables: &mut [(String, FactorTable)],
    model: FactorModel,
) -> Result<(String, FactorTable)> {
    let wanted: Vec<&str> = model.factors().iter().copied().chain([RISK_FREE]).collect();
    let owner = |name: &str| {
        tables.iter().enumerate().find_map(|(at, (_, table))| Some((at, table.column(name)?)))
    };
    let files = tables.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>().join(" and ");
    let owners: Vec<Option<(usize, usize)>> = wanted.iter().map(|name| owner(name)).collect();
    let missing = wanted.iter().zip(&owners).filter(|(_, owner)| owner.is_none());
    let missing: Vec<String> = missing.map(|(name, _)| (*name).to_owned()).collect();
    if !missing.is_empty() {
        let found = tables.iter().flat_map(|(_, table)| table.columns.clone()).collect();
        return Err(FactorError::Lacks { files, missing, found }.into());
    }
    let owners: Vec<(usize, usize)> = owners.into_iter().flatten().collect();
    same_steps(tables)?;
    let mut all = over_dates(tables, &owners);
    all.columns = wanted.into_iter().map(str::to_owned).collect();
    for (at, (_, table)) in tables.iter_mut().enumerate() {
        let used = |k: &usize| owners.contains(&(at, *k));
        let passed =
            (0..table.columns.len()).filter(|k| !used(k)).map(|k| table.columns[k].clone());
        let passed: Vec<String> = passed.chain(std::mem::take(&mut table.unused)).collect();
        table.unused = passed;
    }
    Ok((files, all))
}

fn same_steps(tables: &[(String, FactorTable)]) -> Result<()> {
    let (other, first) = &tables[0];
    match tables.iter().find(|(_, table)| table.step != first.step) {
        Some((file, table)) => Err(FactorError::Steps {
            file: file.clone(),
            found: table.step.name(),
            other: other.clone(),
            expected: first.step.name(),
        }
        .into()),
        None => Ok(()),
    }
}

/// The columns of some owners, where every one of these has begun and none has ended.
fn over_dates(tables: &[(String, FactorTable)], owners: &[(usize, usize)]) -> FactorTable {
    let used = |at: &usize| owners.iter().any(|(owner, _)| owner == at);
    let own: Vec<usize> = (0..tables.len()).filter(used).collect();
    let ends = |at: &usize| {
        let dates = &tables[*at].1.dates;
        (dates[0], dates[dates.len() - 1])
    };
    let first = own.iter().map(|at| ends(at).0).max();
    let last = own.iter().map(|at| ends(at).1).min();
    let mut all = tables[own[0]].1.clone();
    let mut dates: Vec<_> = own.iter().flat_map(|&at| tables[at].1.dates.iter().copied()).collect();
    dates.retain(|date| Some(*date) >= first && Some(*date) <= last);
    dates.sort_unstable();
    dates.dedup();
    all.lines = (1..=dates.len()).collect();
    all.rows = vec![vec![None; owners.len()]; dates.len()];
    for (k, (at, column)) in owners.iter().enumerate() {
        let table = &tables[*at].1;
        for (row, date) in dates.iter().enumerate() {
            let found = table.dates.binary_search(date).ok();
            all.rows[row][k] = found.and_then(|found| table.rows[found][*column]);
        }
    }
    all.dates = dates;
    all
}
