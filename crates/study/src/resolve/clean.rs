//! Policies of the data check that cannot be used.

use walkfolio_data::quality::{Cleaning, InvalidPolicy};

use super::Faults;
use crate::spec::Spec;

impl Faults<'_> {
    /// The policies of a study, each checked against its kind.
    pub fn cleaning(&mut self, spec: &Spec) -> Cleaning {
        let cleaning = spec.clean.clone().unwrap_or_default();
        for (kind, invalid) in cleaning.check() {
            let table = format!("clean.{}", kind.as_str());
            let (path, hint) = match &invalid {
                InvalidPolicy::Unsuited { suited, .. } => {
                    (table, format!("one of: {}", suited.join(", ")))
                }
                InvalidPolicy::FillsNothing => (format!("{table}.limit_days"), String::new()),
                InvalidPolicy::Limit { .. } => {
                    (format!("{table}.limit"), "0.25 cuts at 25 %".to_owned())
                }
                InvalidPolicy::LeavesGap => {
                    let fill = "{ kind = \"forward_fill\", limit_days = 5 }";
                    (table, format!("add gap = {fill} to [clean]"))
                }
            };
            self.push(&path, invalid.to_string(), &hint);
        }
        cleaning
    }
}
