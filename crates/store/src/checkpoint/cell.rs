//! A cell of a grid, by its bits.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use walkfolio_core::{Date, Note, Row};
use walkfolio_record::{Cell, CellStatus};
use walkfolio_record::{LedgerRow, MeasureSet, MeasureTable};

/// A cell as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptCell {
    /// The values of the swept keys.
    pub settings: Vec<Value>,
    status: String,
    message: Option<String>,
    first: Option<Date>,
    start: Option<Row>,
    returns: Vec<u64>,
    measures: Option<KeptSet>,
    without_costs: Option<KeptSet>,
    ledger: Vec<(Option<Date>, Note)>,
}

type KeptTable = Vec<(String, Option<u64>)>;

#[derive(Debug, Serialize, Deserialize)]
struct KeptSet {
    full: KeptTable,
    regimes: Vec<(String, KeptTable)>,
}

impl KeptCell {
    /// Of a cell that was run; its ledger holds notes, warnings and fallbacks only.
    pub fn new(cell: &Cell, ledger: &[LedgerRow]) -> Self {
        Self {
            settings: cell.settings.clone(),
            status: cell.status.as_str().to_owned(),
            message: cell.message.clone(),
            first: cell.first,
            start: cell.start,
            returns: cell.returns.iter().map(|r| r.to_bits()).collect(),
            measures: cell.measures.as_ref().map(KeptSet::new),
            without_costs: cell.without_costs.as_ref().map(KeptSet::new),
            ledger: ledger.iter().filter_map(|row| Some((row.date, row.note()?))).collect(),
        }
    }

    /// The cell and its ledger; none if its status is no word that ends a cell.
    pub fn cell(self) -> Option<(Cell, Vec<LedgerRow>)> {
        let all = [CellStatus::Complete, CellStatus::Ruined, CellStatus::Failed];
        let status = all.into_iter().find(|status| status.as_str() == self.status)?;
        let ledger = self.ledger.into_iter();
        let ledger = ledger.map(|(date, note)| LedgerRow::of_note(date, &note)).collect();
        let cell = Cell {
            settings: self.settings,
            status,
            message: self.message,
            first: self.first,
            start: self.start,
            returns: self.returns.into_iter().map(f64::from_bits).collect(),
            measures: self.measures.map(KeptSet::set),
            without_costs: self.without_costs.map(KeptSet::set),
        };
        Some((cell, ledger))
    }
}

impl KeptSet {
    fn new(set: &MeasureSet) -> Self {
        let regime = |(name, table): &(String, MeasureTable)| (name.clone(), kept(table));
        Self { full: kept(&set.full), regimes: set.regimes.iter().map(regime).collect() }
    }

    fn set(self) -> MeasureSet {
        let regimes = self.regimes.into_iter();
        MeasureSet {
            full: table(self.full),
            regimes: regimes.map(|(name, kept)| (name, table(kept))).collect(),
        }
    }
}

fn kept(table: &MeasureTable) -> KeptTable {
    table.iter().map(|(key, value)| (key.to_owned(), value.map(f64::to_bits))).collect()
}

fn table(kept: KeptTable) -> MeasureTable {
    kept.into_iter().map(|(key, bits)| (key, bits.map(f64::from_bits))).collect()
}
