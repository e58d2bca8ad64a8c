//! Objectives that are one portfolio, whatever the constraints are.

use super::form::Form;
use super::given::Given;
use crate::Result;
use crate::cone::program::Program;

/// An objective that is one portfolio.
///
/// Its value is the sum of squared differences from that: 0 unless something else is held.
pub(crate) trait OnePortfolio {
    /// The portfolio.
    fn portfolio(&self) -> &Given;
}

impl<T: OnePortfolio> Form for T {
    fn assets(&self) -> usize {
        self.portfolio().weights.len()
    }

    fn is_minimized(&self) -> bool {
        true
    }

    fn value(&self, w: &[f64]) -> f64 {
        self.portfolio().apart(w)
    }

    fn given(&self) -> Option<&Given> {
        Some(self.portfolio())
    }

    fn cone(&self, program: &mut Program, _: f64) -> Result<()> {
        self.portfolio().cone(program);
        Ok(())
    }

    fn without_penalties(&self) -> Option<&'static str> {
        Some(
            "an objective that is one portfolio has no penalties and no costs: they change nothing",
        )
    }

    fn is_snapped(&self) -> bool {
        false
    }
}
