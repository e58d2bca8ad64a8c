//! Assets that are not sold.

use walkfolio_core::{Faults, Memory};

use super::form::ConstraintForm;
use crate::objective::{Inputs, Setting};

/// At least what is held of some assets stays held.
#[derive(Debug, Clone)]
pub(crate) struct Keep(pub Vec<String>);

impl ConstraintForm for Keep {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        for (index, name) in self.0.iter().enumerate() {
            let path = format!("allocate.keep[{index}]");
            if setting.lacks(name) {
                setting.unknown_asset(&path, name, faults);
            }
            if self.0[..index].contains(name) {
                faults.push(&path, format!("{name} is listed twice"), "name each asset once");
            }
        }
    }

    fn memory(&self) -> Memory {
        if self.0.is_empty() { Memory::Chain } else { Memory::Holdings }
    }

    /// What has drifted above its maximum is kept up to that.
    fn narrow(&self, inputs: &Inputs<'_>, bounds: &mut [(f64, f64)]) {
        let Ok(Some(current)) = inputs.current() else { return };
        for at in self.0.iter().filter_map(|name| inputs.position(name)) {
            let (min, max) = bounds[at];
            bounds[at].0 = min.max(current.held[at].min(max));
        }
    }
}
