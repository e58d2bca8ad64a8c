//! What is known of files on a day, for an audit from outside.

use walkfolio_core::Date;

/// A file that an audit may attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Prices of the assets, and of the benchmark where it has no file of its own.
    Prices,
    /// The benchmark's own file.
    Benchmark,
    /// Exchange rates.
    Rates,
    /// Factor returns.
    Factors,
    /// The risk-free rate.
    RiskFree,
    /// The members of an index.
    Members,
    /// Signals of the study's features.
    Signals,
    /// Forecasts of expected returns.
    Forecasts,
    /// Views of Black-Litterman.
    Views,
    /// Loadings on factors of the user's own.
    Loadings,
    /// Holdings of the benchmark.
    Holdings,
    /// Prices of what the benchmark is made of.
    Constituents,
    /// Capitalizations.
    Capitalizations,
    /// Shares traded, and the closes that they are multiplied by.
    Volumes,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 14] = [
        Self::Prices,
        Self::Benchmark,
        Self::Rates,
        Self::Factors,
        Self::RiskFree,
        Self::Members,
        Self::Signals,
        Self::Forecasts,
        Self::Views,
        Self::Loadings,
        Self::Holdings,
        Self::Constituents,
        Self::Capitalizations,
        Self::Volumes,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prices => "the price file",
            Self::Benchmark => "the benchmark file",
            Self::Rates => "the exchange rates",
            Self::Factors => "the factor file",
            Self::RiskFree => "the file of the risk-free rate",
            Self::Members => "the members file",
            Self::Signals => "the signals",
            Self::Forecasts => "the forecasts",
            Self::Views => "the views",
            Self::Loadings => "the loadings",
            Self::Holdings => "the file of the benchmark's holdings",
            Self::Constituents => "the constituents file",
            Self::Capitalizations => "the capitalizations",
            Self::Volumes => "the volumes",
        }
    }
}

/// What becomes of the rows that a decision does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// The files end with the session of the decision, whose values are perturbed.
    Removed,
    /// Every value after the last known session is perturbed.
    Perturbed,
}

/// Cuts files behind the last session that a decision knows.
///
/// It acts on what a file holds once it is read, before anything is made of it: gaps, members,
/// cleaning and filling know the rest alone. Closes that a vendor leaves unadjusted are adjusted first:
/// an adjustment scales all earlier prices and moves no return.
///
/// # Examples
/// ```
/// use walkfolio_core::{Date, Universe};
/// use walkfolio_data::{FileRequest, Horizon, Later, load};
///
/// let path = std::env::temp_dir().join("walkfolio-doc-horizon.csv");
/// std::fs::write(&path, "date,XLE\n2024-01-02,50\n2024-01-03,52\n2024-01-04,51\n2024-01-05,53\n")?;
/// let day = |day| Date::constant(2024, 1, day);
/// let horizon = Horizon { known: day(3), decision: day(4), later: Later::Removed, only: None };
/// let request = FileRequest::new(path, Universe::new(["XLE"])?);
/// let loaded = load(&FileRequest { horizon: Some(horizon), ..request })?;
/// assert_eq!(loaded.market.rows(), 3);
/// assert_eq!(loaded.market.prices().value(1, 0), Some(52.0));
/// assert_ne!(loaded.market.prices().value(2, 0), Some(51.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// The last session that is known.
    pub known: Date,
    /// The session of the decision.
    pub decision: Date,
    /// What becomes of later rows.
    pub later: Later,
    /// The files that are attacked; all without it.
    pub only: Option<Role>,
}

impl Horizon {
    /// The horizon of a file, if it is attacked.
    pub(crate) fn of(horizon: Option<&Self>, role: Role) -> Option<&Self> {
        horizon.filter(|own| own.only.is_none_or(|only| only == role))
    }

    /// Whether a row is still there.
    pub(crate) fn keeps(&self, date: Date) -> bool {
        self.later == Later::Perturbed || date <= self.decision
    }

    /// A value of a row: itself where it is known, else another one, between three and five quarters of it.
    pub(crate) fn value(&self, date: Date, column: usize, value: f64) -> f64 {
        if date <= self.known {
            return value;
        }
        let day = date.day_of_year().unsigned_abs() as usize + 7 * column;
        value * (0.75 + 0.5 * (((37 * day) % 100) as f64 + 0.5) / 100.0)
    }
}

#[cfg(test)]
mod tests;
