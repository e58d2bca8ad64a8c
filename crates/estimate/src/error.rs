//! What can keep a moment from being estimated.

use walkfolio_core::{Date, Ticker};

/// The result of an estimation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A window from which a moment cannot be estimated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The window has too few rows.
    #[error("a window of {rows} rows is too short: {what} needs at least {least}")]
    TooFewRows {
        /// The estimator.
        what: &'static str,
        /// Rows given.
        rows: usize,
        /// Rows needed.
        least: usize,
    },
    /// Two tables that belong together differ in length.
    #[error("{what} has {found} rows, the returns have {expected}")]
    Length {
        /// The other table.
        what: &'static str,
        /// Rows of the returns.
        expected: usize,
        /// Rows of the other table.
        found: usize,
    },
    /// A portfolio of other assets than the moments.
    #[error("a portfolio of {found} assets is held, the moments are of {expected}")]
    Held {
        /// Assets of the moments.
        expected: usize,
        /// Weights held.
        found: usize,
    },
    /// The factors of a window are linearly dependent.
    #[error("the {factors} factors are linearly dependent over the {rows} rows of the window")]
    DependentFactors {
        /// Number of factors.
        factors: usize,
        /// Rows of the window.
        rows: usize,
    },
    /// No review of the benchmark has taken effect yet.
    #[error("no review of the benchmark has taken effect yet")]
    NoReview,
    /// Nothing is known yet of what the benchmark holds.
    #[error("no holdings of the benchmark are known yet")]
    NoBenchmarkHoldings,
    /// A key names an asset that the market does not have.
    #[error("{name} is not an asset of the market")]
    UnknownAsset {
        /// The name.
        name: String,
    },
    /// Too few month-ends.
    #[error("{what} has {months} usable month-ends, it needs at least {least}")]
    TooFewMonths {
        /// The estimator.
        what: &'static str,
        /// Month-ends that can be used.
        months: usize,
        /// Month-ends needed.
        least: usize,
    },
    /// The covariance of a window has no inverse.
    #[error(
        "over the {rows} rows of the window {asset} is constant or a mixture of other assets: the covariance has no inverse"
    )]
    DependentAsset {
        /// The first asset that the ones before it explain.
        asset: Ticker,
        /// Rows of the window.
        rows: usize,
    },
    /// An asset without variance has no correlation.
    #[error(
        "{asset} does not move over the {rows} rows of the window: its correlation is undefined"
    )]
    ConstantAsset {
        /// The asset.
        asset: Ticker,
        /// Rows of the window.
        rows: usize,
    },
    /// All that an asset does is what the market does.
    #[error("{asset} is the first principal component itself: nothing is left without it")]
    NothingLeft {
        /// The asset.
        asset: Ticker,
    },
    /// The sample covariance of so few rows has no inverse.
    #[error(
        "the covariance of {assets} assets over {rows} rows has no inverse that means can be shrunk with: it needs at least {least} rows"
    )]
    NoInverse {
        /// Number of assets.
        assets: usize,
        /// Rows of the window.
        rows: usize,
        /// Rows needed.
        least: usize,
    },
    /// A covariance that the study would fill in is missing.
    #[error("equilibrium returns have no covariance")]
    NoCovariance,
    /// The market consists of none of the assets.
    #[error("none of the eligible assets has a weight in the market portfolio")]
    NoMarketWeight,
    /// The market did not earn its risk.
    #[error("the risk aversion implied by {rows} rows of Mkt-RF is {}; it must be above 0", walkfolio_core::number::shown(*value))]
    NegativeRiskAversion {
        /// Mean over variance.
        value: f64,
        /// Rows of the window.
        rows: usize,
    },
    /// A certain view follows from other ones, or contradicts them.
    #[error("{view} says nothing that the views before it leave open, and all are certain")]
    DependentView {
        /// Which one, in words.
        view: String,
    },
    /// An asset has no forecast.
    #[error("{file} has no forecast of {asset} that is known on {last}")]
    NoForecast {
        /// The file.
        file: String,
        /// The asset.
        asset: Ticker,
        /// The last session before the decision.
        last: Date,
    },
    /// An asset has no forecast that is young enough.
    #[error(
        "the newest forecast of {asset} in {file} is of {newest}: it is {age} days old on {last}, max_age is {max_age}"
    )]
    OldForecast {
        /// The file.
        file: String,
        /// The asset.
        asset: Ticker,
        /// The day of the forecast.
        newest: Date,
        /// The last session before the decision.
        last: Date,
        /// Calendar days from one to the other.
        age: i64,
        /// The most that there may be.
        max_age: u32,
    },
    /// A row cannot weigh so much.
    #[error("the weight of row {row} is {}; the weight of a row is finite and not negative", walkfolio_core::number::shown(*value))]
    RowWeight {
        /// The row, 0 for the oldest.
        row: usize,
        /// Its weight.
        value: f64,
    },
    /// No row counts.
    #[error("all {rows} rows of the window weigh 0")]
    NoRowWeight {
        /// Rows of the window.
        rows: usize,
    },
    /// The states of a hidden Markov model cannot be told apart.
    #[error(
        "{states} states collapse onto single returns over the {returns} log returns up to {last}, from every start: the likelihood has no maximum"
    )]
    StatesCollapse {
        /// Number of states.
        states: u32,
        /// Returns of the fit.
        returns: usize,
        /// The last of them.
        last: Date,
    },
    /// A detector names a series that the market does not have.
    #[error("{name} is neither an asset of the market nor its benchmark")]
    UnknownSeries {
        /// The name.
        name: String,
    },
    /// A detector reads the benchmark, and there is none.
    #[error("reads the benchmark, and the market has none")]
    NoBenchmark,
    /// A detector names a factor that the market does not have.
    #[error("{name} is not a factor of the market")]
    UnknownFactor {
        /// The name.
        name: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// The market did not move.
    #[error(
        "the market's return is constant over the {rows} rows of the window: beta is undefined"
    )]
    ConstantMarket {
        /// Rows of the window.
        rows: usize,
    },
    /// The moments do not form a covariance.
    #[error(transparent)]
    Core(#[from] walkfolio_core::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooFewRows { .. } => Some("give the window more rows".to_owned()),
            Self::DependentFactors { .. } => {
                Some("lengthen the window, or check the factor file for a repeated column".into())
            }
            Self::NoReview => Some("start later, or name more review months".to_owned()),
            Self::NoBenchmarkHoldings => Some(
                "start later, or check market.files.benchmark_holdings or .constituents".to_owned(),
            ),
            Self::UnknownAsset { .. } => Some("name it as the prices do".to_owned()),
            Self::StatesCollapse { .. } => Some(
                "use fewer states or a longer window, and check the series for prices that repeat"
                    .to_owned(),
            ),
            Self::UnknownSeries { .. } => {
                Some("set `of` to an asset or to the benchmark".to_owned())
            }
            Self::NoBenchmark => {
                Some("set `of` to an asset, or add benchmark = \"...\" to [market]".to_owned())
            }
            Self::UnknownFactor { known, .. } if known.is_empty() => {
                Some("add factors = \"french3\" to [market]".to_owned())
            }
            Self::UnknownFactor { known, .. } => Some(format!("one of: {}", known.join(", "))),
            Self::ConstantMarket { .. } => Some("check Mkt-RF and RF in the factor file".into()),
            Self::TooFewMonths { .. } => Some("start later, or supply earlier data".to_owned()),
            Self::DependentAsset { asset, .. } => Some(format!(
                "leave out {asset} or its double, or choose another model of expected returns"
            )),
            Self::NoInverse { .. } => Some(
                "lengthen the window, or set covariance = { kind = \"ledoit_wolf\", .. } where it is the sample's"
                    .to_owned(),
            ),
            Self::NoCovariance => Some("set covariance, or call Estimators::complete".to_owned()),
            Self::NoMarketWeight => Some("add weights of assets that are held".to_owned()),
            Self::NegativeRiskAversion { .. } => {
                Some("set risk_aversion, or lengthen implied_window".to_owned())
            }
            Self::NoForecast { .. } => Some(
                "start later, add a row of the asset, or set missing = \"mean\"".to_owned(),
            ),
            Self::OldForecast { .. } => Some(
                "supply newer forecasts, raise max_age, or set missing = \"mean\"".to_owned(),
            ),
            Self::DependentView { .. } => {
                Some("remove it, or give the views a confidence below 1".to_owned())
            }
            Self::ConstantAsset { asset, .. } => Some(format!(
                "leave out {asset}, or choose a covariance without correlations, such as sample"
            )),
            Self::NothingLeft { .. } => Some("give it more assets, or choose denoised".to_owned()),
            Self::Length { .. }
            | Self::Held { .. }
            | Self::RowWeight { .. }
            | Self::NoRowWeight { .. } => None,
            Self::Core(error) => error.hint(),
        }
    }
}

impl From<Error> for walkfolio_core::Error {
    fn from(error: Error) -> Self {
        Self::Policy { message: error.to_string(), hint: error.hint() }
    }
}
