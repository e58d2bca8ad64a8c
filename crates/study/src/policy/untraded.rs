//! Sessions on which too little is traded to decide.

use walkfolio_core::Past;

use super::allocation::Allocation;

impl Allocation {
    /// Whether the maximum weights of the assets that traded on the last session cannot sum to 1, and would with
    /// those whose price was filled in there: a holiday of some exchanges, or a vendor that is late.
    pub(super) fn lacks_trades(&self, past: &Past<'_>) -> bool {
        if self.raise_cap || self.allocate.net_leverage.is_some() {
            return false;
        }
        let untraded = past.untraded(self.need);
        if untraded.is_empty() {
            return false;
        }
        let traded = past.eligible(self.need);
        !self.fill(past, &traded) && self.fill(past, &[traded, untraded].concat())
    }

    /// Whether the maximum weights of as many assets as may be held can sum to 1.
    fn fill(&self, past: &Past<'_>, assets: &[usize]) -> bool {
        let tickers = past.universe().tickers();
        let names: Vec<String> = assets.iter().map(|&asset| tickers[asset].to_string()).collect();
        let ranges = self.allocate.ranges(&names);
        let mut most: Vec<f64> = ranges.into_iter().map(|(_, max)| max).collect();
        most.sort_by(|a, b| b.total_cmp(a));
        most.truncate(self.allocate.max_holdings.map_or(most.len(), |most| most as usize));
        most.iter().sum::<f64>() >= 1.0 - 1e-9
    }
}
