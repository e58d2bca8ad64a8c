//! The efficient frontier of the last decision.

use serde::Serialize;
use walkfolio_core::Date;
use walkfolio_record::{FrontierPortfolio, FrontierRow};

/// Points that are drawn of a segment between two corners.
const DRAWN: usize = 16;

/// A weight of an asset that enters or leaves at a corner is rounding up to this.
const NOTHING: f64 = 1e-9;

/// The efficient frontier of the last decision that has one; annualized fractions.
///
/// # Examples
/// See [`EfficientFrontier::of`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EfficientFrontier {
    /// The decision.
    pub date: Date,
    /// Decisions with a frontier.
    pub decisions: usize,
    /// Those on which no portfolio has what the study asks for.
    pub off: usize,
    /// The mean number of corners.
    pub mean_corners: f64,
    /// The corners, from the least risk to the largest expected return.
    pub corners: Vec<Portfolio>,
    /// The portfolio that the study chose, if the frontier has it.
    pub chosen: Option<Portfolio>,
    /// The same weight in every asset.
    pub equal_weight: Option<Portfolio>,
    /// Every asset alone.
    pub assets: Vec<Portfolio>,
    /// Volatility and expected return along the frontier.
    pub line: Vec<(f64, f64)>,
}

/// A portfolio next to a frontier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portfolio {
    /// The number of a corner, or of the one at or before the chosen portfolio; 0 off the frontier.
    pub corner: u32,
    /// The risk aversion at which it is the best; none where that is infinite, and off the frontier.
    pub risk_aversion: Option<f64>,
    /// Expected return, a fraction per year.
    pub expected_return: f64,
    /// Volatility, a fraction per year.
    pub volatility: f64,
    /// The weights above rounding, by asset, the largest first.
    pub weights: Vec<(String, f64)>,
}

impl EfficientFrontier {
    /// Of the rows of `frontier.parquet`, in their order.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_analysis::efficient::EfficientFrontier;
    /// use walkfolio_record::{FrontierPortfolio, FrontierRow};
    ///
    /// let row = |corner, risk_aversion, expected_return, volatility| FrontierRow {
    ///     date: "2020-01-02".parse().unwrap(),
    ///     portfolio: FrontierPortfolio::Corner,
    ///     corner,
    ///     risk_aversion,
    ///     expected_return,
    ///     volatility,
    ///     asset: "A".to_owned(),
    ///     weight: 1.0,
    /// };
    /// let rows = [row(1, None, 0.06, 0.1), row(2, Some(2.0), 0.10, 0.2)];
    /// let found = EfficientFrontier::of(&rows).unwrap();
    /// // Half of the way the mean is 8 %, and the variance 0.01 + 0.03 / 4.
    /// let (volatility, mean) = found.line[8];
    /// assert!((mean - 0.08).abs() < 1e-15 && (volatility.powi(2) - 0.0175).abs() < 1e-15);
    /// assert_eq!(EfficientFrontier::of(&[]), None);
    /// ```
    pub fn of(rows: &[FrontierRow]) -> Option<Self> {
        let decisions: Vec<&[FrontierRow]> = rows.chunk_by(|a, b| a.date == b.date).collect();
        let last = decisions.last()?;
        let all = |what| portfolios(last, what);
        let count = |rows: &&[FrontierRow]| portfolios(rows, FrontierPortfolio::Corner).len();
        let has = |rows: &&[FrontierRow]| {
            rows.iter().any(|row| row.portfolio == FrontierPortfolio::Chosen)
        };
        let corners = all(FrontierPortfolio::Corner);
        let total: usize = decisions.iter().map(count).sum();
        Some(Self {
            date: last[0].date,
            decisions: decisions.len(),
            off: decisions.iter().filter(|rows| !has(rows)).count(),
            mean_corners: total as f64 / decisions.len() as f64,
            line: line(&corners),
            corners,
            chosen: all(FrontierPortfolio::Chosen).pop(),
            equal_weight: all(FrontierPortfolio::EqualWeight).pop(),
            assets: all(FrontierPortfolio::Asset),
        })
    }
}

/// The portfolios of one kind of a decision.
fn portfolios(rows: &[FrontierRow], what: FrontierPortfolio) -> Vec<Portfolio> {
    let rows: Vec<&FrontierRow> = rows.iter().filter(|row| row.portfolio == what).collect();
    let same = |a: &&FrontierRow, b: &&FrontierRow| {
        what != FrontierPortfolio::Asset && a.corner == b.corner
    };
    let portfolio = |rows: &[&FrontierRow]| {
        let held = rows.iter().filter(|row| row.weight.abs() > NOTHING);
        let mut weights: Vec<(String, f64)> =
            held.map(|row| (row.asset.clone(), row.weight)).collect();
        weights.sort_by(|a, b| b.1.total_cmp(&a.1));
        let FrontierRow { corner, risk_aversion, expected_return, volatility, .. } = *rows[0];
        Portfolio { corner, risk_aversion, expected_return, volatility, weights }
    };
    rows.chunk_by(same).map(portfolio).collect()
}

/// Between corners the mean is linear in `t = 1 / risk_aversion`, the variance in its square.
fn line(corners: &[Portfolio]) -> Vec<(f64, f64)> {
    let Some(first) = corners.first() else { return Vec::new() };
    let mut line = vec![(first.volatility, first.expected_return)];
    let time = |corner: &Portfolio| corner.risk_aversion.map_or(0.0, |aversion| 1.0 / aversion);
    for pair in corners.windows(2) {
        let [from, to] = [&pair[0], &pair[1]];
        let [t, u] = [time(from), time(to)];
        let [v, w] = [from, to].map(|corner| corner.volatility.powi(2));
        line.extend((1..=DRAWN).map(|step| {
            let share = step as f64 / DRAWN as f64;
            let at = t + share * (u - t);
            let variance = v + (w - v) * (at * at - t * t) / (u * u - t * t);
            let mean = from.expected_return + share * (to.expected_return - from.expected_return);
            (variance.sqrt(), mean)
        }));
    }
    line
}
