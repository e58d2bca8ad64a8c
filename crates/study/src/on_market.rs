//! A study on its market: what only the prices can tell.

use walkfolio_core::{Date, Market, periods_per_year};

use crate::fault::StudyError;
use crate::spec::PeriodsPerYear;
use crate::study::Study;

/// A number of periods per year that is further than this part from what the prices tell is another
/// frequency: 250 and 260 are days, as 252 is.
const APART: f64 = 0.1;

impl Study {
    /// The study on its market: `periods_per_year = "auto"` becomes the number that the dates of the
    /// prices tell, from the first session that the study uses to the last.
    ///
    /// # Errors
    /// [`StudyError`] at `periods_per_year` if a number is written that is more than 10 % away from
    /// it.
    /// # Examples
    /// ```
    /// # use walkfolio_core::*;
    /// use walkfolio_study::Study;
    ///
    /// let text = r#"
    /// name = "x"
    /// market = { assets = ["XLK"], benchmark = "SPY" }
    /// walk_forward = { every = "month" }
    ///
    /// [allocate]
    /// objective = { kind = "tracking_error", window = 2 }
    /// bounds = { min = 0.0, max = 1.0 }
    /// "#;
    /// # let dates = (1..=12).map(|month| Date::constant(2024, month, 28)).collect();
    /// # let prices = vec![vec![Some(100.0); 12]];
    /// // Prices of the ends of months.
    /// let market = Market::new(Prices::new(dates, Universe::new(["XLK"])?, prices)?)?;
    /// let study = Study::parse("x.toml", text, &[])?.on(&market)?;
    /// assert_eq!(study.config().spec().periods_per_year.number(), Some(12.0));
    ///
    /// let daily = ["periods_per_year=252".to_owned()];
    /// let error = Study::parse("x.toml", text, &daily)?.on(&market).unwrap_err();
    /// assert!(error.to_string().contains("the dates of the prices tell 12"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on(&self, market: &Market) -> Result<Self, StudyError> {
        let Some(found) = periods_per_year(self.used(market)) else { return Ok(self.clone()) };
        match self.config().spec().periods_per_year {
            PeriodsPerYear::Auto => self.with("periods_per_year", found.into()),
            PeriodsPerYear::Number(stated) if (stated / found - 1.0).abs() > APART => {
                let message = format!("is {stated}, and the dates of the prices tell {found}");
                let hint = format!("write {found}, or remove the key: \"auto\" finds it");
                Err(self.error_at("periods_per_year", message, Some(hint)))
            }
            PeriodsPerYear::Number(_) => Ok(self.clone()),
        }
    }

    /// The dates of a market that the study uses.
    fn used<'a>(&self, market: &'a Market) -> &'a [Date] {
        let dates = market.dates();
        let config = self.config();
        let first = config.spec().market.first;
        let start = first.map_or(0, |first| dates.partition_point(|date| *date < first));
        let last = config.schedule().last;
        let end = last.map_or(dates.len(), |last| dates.partition_point(|date| *date <= last));
        dates.get(start.saturating_sub(1)..end).unwrap_or_default()
    }
}
