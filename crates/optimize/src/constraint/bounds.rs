//! The smallest and largest weight of each asset.

use super::part::Limits;
use super::rule::{Rule, above, below, down, stretched, tidy, up};
use crate::cone::program::Program;
use crate::{Error, Result};

/// `w_i >= values_i`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lower {
    pub name: String,
    pub values: Vec<f64>,
}

/// `w_i <= values_i`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Upper {
    pub name: String,
    pub values: Vec<f64>,
}

impl Rule for Lower {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, assets: usize) -> Result<()> {
        check(&self.values, assets)
    }

    fn violation(&self, w: &[f64]) -> f64 {
        let apart = w.iter().zip(&self.values).map(|(w, min)| min - w);
        apart.fold(f64::NEG_INFINITY, f64::max)
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, tidy(largest(&self.values)))
    }

    fn stretch(&self, program: &mut Program) -> bool {
        stretched(program, |program, slack| {
            for (i, min) in self.values.iter().enumerate() {
                program.row([(i, -1.0), (slack, -1.0)], -min);
            }
        });
        true
    }

    fn needed(&self, x: &[f64], added: usize) -> Limits {
        Limits { min: Some(largest(&self.values) - x[added].max(0.0)), max: None }
    }

    fn widen(&mut self, limits: Limits) {
        if let Some(min) = limits.min {
            self.values.iter_mut().for_each(|bound| *bound = bound.min(below(min)));
        }
    }

    fn advice(&self, limits: Limits) -> String {
        format!("lower {} to at most {}", self.name, down(limits.min.unwrap_or_default()))
    }
}

impl Rule for Upper {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, assets: usize) -> Result<()> {
        check(&self.values, assets)
    }

    fn violation(&self, w: &[f64]) -> f64 {
        let apart = w.iter().zip(&self.values).map(|(w, max)| w - max);
        apart.fold(f64::NEG_INFINITY, f64::max)
    }

    fn words(&self) -> String {
        format!("{} {}", self.name, tidy(largest(&self.values)))
    }

    fn stretch(&self, program: &mut Program) -> bool {
        stretched(program, |program, slack| {
            for (i, max) in self.values.iter().enumerate() {
                program.row([(i, 1.0), (slack, -1.0)], *max);
            }
        });
        true
    }

    fn needed(&self, x: &[f64], added: usize) -> Limits {
        Limits { min: None, max: Some(largest(&self.values) + x[added].max(0.0)) }
    }

    fn widen(&mut self, limits: Limits) {
        if let Some(max) = limits.max {
            self.values.iter_mut().for_each(|bound| *bound = bound.max(above(max)));
        }
    }

    fn advice(&self, limits: Limits) -> String {
        format!("raise {} to at least {}", self.name, up(limits.max.unwrap_or_default()))
    }
}

fn check(values: &[f64], assets: usize) -> Result<()> {
    if values.len() != assets {
        return Err(Error::Invalid(format!("{} bounds for {assets} assets", values.len())));
    }
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Error::Invalid("a bound is not finite".to_owned()));
    }
    Ok(())
}

/// The largest of some bounds.
pub(crate) fn largest(bounds: &[f64]) -> f64 {
    bounds.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
