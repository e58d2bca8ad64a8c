//! A market with one session more than its data: that of a decision which nobody can look up yet.

use std::sync::Arc;

use crate::{Date, Error, Market, Result};

impl Market {
    /// The market with one more session at its end, of which nothing is known but its date.
    ///
    /// A decision for the session after the data is a decision at the last row of this market: it is made by
    /// [`Market::before`] and knows exactly the rows of the data. Nothing is listed on the new row, no series
    /// has a value there.
    ///
    /// # Errors
    /// [`Error::UnsortedDates`] unless the date is after the last session.
    /// # Examples
    /// ```
    /// # use walkfolio_core::*;
    /// # let dates = vec![Date::constant(2024, 7, 1), Date::constant(2024, 7, 2)];
    /// # let prices = Prices::new(dates, Universe::new(["XLE"])?, vec![vec![Some(50.0), Some(55.0)]])?;
    /// let market = Market::new(prices)?;
    /// let next = market.with_session(Date::constant(2024, 7, 3))?;
    /// let past = next.before(2)?;
    /// assert_eq!(past.decision_date(), Date::constant(2024, 7, 3));
    /// assert_eq!((past.price(1, 0), next.prices().value(2, 0)), (Some(55.0), None));
    /// assert!(market.with_session(Date::constant(2024, 7, 2)).is_err());
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    pub fn with_session(&self, date: Date) -> Result<Self> {
        let previous = self.dates()[self.rows() - 1];
        if date <= previous {
            return Err(Error::UnsortedDates { date, previous, row: self.rows() + 1 });
        }
        let mut market = self.clone();
        market.prices.extend(date);
        market.returns.extend();
        if let Some(benchmark) = &mut market.benchmark {
            benchmark.prices.extend(date);
            benchmark.returns.extend();
        }
        if let Some(factors) = &mut market.factors {
            factors.extend();
        }
        if let Some(cash) = &mut market.cash {
            cash.extend();
        }
        if let Some(constituents) = &mut market.constituents {
            *constituents = Arc::new(constituents.with_session(date)?);
        }
        market.sums = Arc::default();
        Ok(market)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Date, Factors, Market, Matrix, Need, Poison, Prices, Series, Universe};

    fn days(count: i8) -> Vec<Date> {
        (1..=count).map(|day| Date::constant(2024, 7, day)).collect()
    }

    /// A has all prices, B ends two sessions before the others.
    fn market(rows: i8) -> Market {
        let dates = days(rows);
        let price = |row: i8, of: i8| 10.0 + f64::from((of * row) % 5);
        let a: Vec<_> = (0..rows).map(|row| Some(price(row, 7))).collect();
        let b: Vec<_> = (0..rows).map(|row| (row < 4).then(|| price(row, 3))).collect();
        let prices = Prices::new(dates.clone(), Universe::new(["A", "B"]).unwrap(), vec![a, b]);
        let own: Vec<_> = (0..rows).map(|row| Some(price(row, 2))).collect();
        let benchmark =
            Prices::new(dates.clone(), Universe::new(["I"]).unwrap(), vec![own]).unwrap();
        let rows = dates.len();
        let values = (0..rows).map(|row| row as f64 / 100.0).collect::<Vec<_>>();
        let table = Matrix::from_rows(rows, 1, values.clone());
        let names = vec!["Mkt-RF".to_owned()];
        let factors = Factors::new(&dates, names, table, values.clone(), 0..rows).unwrap();
        let cash = Series::new("cash", &dates, values, 0..rows).unwrap();
        let market = Market::new(prices.unwrap()).unwrap();
        market.with_benchmark(benchmark).unwrap().with_factors(factors).with_cash(cash)
    }

    #[test]
    fn a_decision_after_the_data_knows_what_one_inside_longer_data_knows() {
        let (next, longer) = (market(6).with_session(days(7)[6]).unwrap(), market(7));
        let (a, b) = (next.before(6).unwrap(), longer.before(6).unwrap());
        assert_eq!((a.dates(), a.decision_date()), (b.dates(), b.decision_date()));
        assert_eq!(a.returns(&[0], 5).unwrap(), b.returns(&[0], 5).unwrap());
        assert_eq!(a.benchmark(5).unwrap(), b.benchmark(5).unwrap());
        let (own, other) = (a.factors(6).unwrap(), b.factors(6).unwrap());
        assert_eq!((own.values, own.risk_free), (other.values, other.risk_free));
        let need = Need { rows: 3, history_months: None };
        assert_eq!((a.eligible(need), b.eligible(need)), (vec![0], vec![0]));
        assert_eq!(a.to_market(), b.to_market());
    }

    #[test]
    fn constituents_have_the_new_session_too() {
        let own = market(6).with_constituents(market(6)).unwrap();
        let next = own.with_session(days(7)[6]).unwrap();
        let constituents = next.constituents().unwrap();
        assert_eq!(constituents.dates(), next.dates());
        assert_eq!(constituents.before(6).unwrap().decision_date(), days(7)[6]);
    }

    #[test]
    fn nothing_is_known_of_the_new_session() {
        let next = market(6).with_session(days(7)[6]).unwrap();
        assert_eq!(
            (next.rows(), next.prices().listing(0), next.prices().listing(1)),
            (7, 0..6, 0..4)
        );
        assert_eq!((next.returns().value(6, 0), next.cash().unwrap().value(6)), (None, None));
        assert_eq!(next.factors().unwrap().row(6), None);
        let poisoned = next.poisoned(6, Poison::Values);
        let of = |market: &Market| market.before(6).unwrap().to_market();
        assert_eq!(of(&poisoned), of(&next));
        // A period of it is cut as any other.
        assert_eq!(next.between(None, Some(days(6)[5])).unwrap(), market(6));
    }
}
