//! Policies of the data check that make no sense for their kind.

use walkfolio_data::quality::{Cleaning, Kind, Policy};

use super::Faults;
use crate::spec::Spec;

impl Faults<'_> {
    /// The policies of a study, each checked against its kind.
    pub fn cleaning(&mut self, spec: &Spec) -> Cleaning {
        let policies = spec.clean.as_ref().map(crate::spec::CleanSpec::policies);
        let policies: Vec<(Kind, Policy)> = policies
            .unwrap_or_default()
            .into_iter()
            .map(|(kind, policy)| (kind, policy.policy()))
            .collect();
        let fills = policies.iter().any(|(kind, policy)| {
            *kind == Kind::Gap && matches!(policy, Policy::ForwardFill { .. } | Policy::Interpolate)
        });
        for (kind, policy) in &policies {
            let path = format!("clean.{}", kind.as_str());
            self.suits(&path, *kind, *policy);
            if *policy == Policy::Mask && *kind != Kind::DuplicateDate && !fills {
                let hint = "add gap = { kind = \"forward_fill\", limit_days = 5 } to [clean]";
                self.push(&path, "leaves a gap, which is refused unless it is filled", hint);
            }
        }
        Cleaning::new(policies)
    }

    fn suits(&mut self, path: &str, kind: Kind, policy: Policy) {
        if !policy.suits(kind) {
            let message = format!("{} is no cure for it", policy.as_str());
            let hint = format!("what makes sense: {}", Policy::suited(kind).join(", "));
            self.push(path, message, &hint);
        }
        match policy {
            Policy::ForwardFill { limit_days: 0 } => {
                self.push(&format!("{path}.limit_days"), "must be at least 1, found 0", "");
            }
            Policy::Winsorize { limit } if !(limit > 0.0 && limit < 1.0) => {
                let message = format!("must be between 0 and 1, found {limit}");
                self.push(&format!("{path}.limit"), message, "0.25 cuts at 25 %");
            }
            _ => {}
        }
    }
}
