//! What some lines of positions say besides shares.

use walkfolio_core::Date;

/// What a line says besides shares.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Detail {
    pub price: Option<f64>,
    pub cost_basis: Option<f64>,
    pub acquired: Option<Date>,
    pub min: Option<f64>,
    pub max: Option<f64>,
}

impl Detail {
    /// Whether the line is a tax lot.
    pub fn is_lot(&self) -> bool {
        self.cost_basis.is_some() || self.acquired.is_some()
    }

    /// Whether the line is a sale of the past, for the window of wash sales, and no short position.
    pub fn is_sale(&self, shares: f64) -> bool {
        shares < 0.0 && self.acquired.is_some()
    }
}

/// The details of the lines that have some, by line.
#[derive(Debug, Clone, Default)]
pub(super) struct Details(Vec<(u32, Detail)>);

impl Details {
    /// Adds those of a line after the last one.
    pub fn push(&mut self, line: u32, detail: Detail) {
        if detail != Detail::default() {
            self.0.push((line, detail));
        }
    }

    pub fn of(&self, line: u32) -> Detail {
        let found = self.0.binary_search_by_key(&line, |(line, _)| *line);
        found.map_or_else(|_| Detail::default(), |at| self.0[at].1)
    }
}
