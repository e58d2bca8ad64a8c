//! The worst losses that a decision expects.

use walkfolio_core::{Memory, Past, Result, View, Weights};

use super::allocation::Allocation;

impl Allocation {
    /// Whether its objective measures the mean of worst losses.
    pub(super) fn measures_tail(&self) -> bool {
        self.allocate.objective.measures_tail()
    }

    /// What each asset of a portfolio adds to the mean of the worst losses, or drawdowns, that the objective measures, by
    /// universe index; none if it measures none.
    ///
    /// # Errors
    /// If its window is not full.
    pub fn tail_contributions(
        &self,
        past: &Past<'_>,
        assets: &[usize],
        target: &Weights,
    ) -> Result<Option<Vec<f64>>> {
        if !self.measures_tail() {
            return Ok(None);
        }
        let all = target.values().len();
        let none = Weights::none(all);
        let inputs = self.inputs(past, assets, View::new(Memory::None, &none));
        let objective = self.allocate.objective.prepare(&inputs)?;
        let w: Vec<f64> = assets.iter().map(|&asset| target.values()[asset]).collect();
        let Some(own) = objective.tail_contributions(&w) else { return Ok(None) };
        let mut found = vec![0.0; all];
        assets.iter().zip(own).for_each(|(&asset, part)| found[asset] = part);
        Ok(Some(found))
    }
}
