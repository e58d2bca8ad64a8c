//! The features of a study.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::Faults;

use super::correlation::CorrelationDays;
use super::feature::{Feature, FeatureKey};
use super::momentum::MomentumMonths;
use super::regime::RegimeFeatures;
use super::signal::ExtraFeatures;
use super::standardize::Standardize;
use super::volatility::VolatilityDays;

/// Declares the set of features: one key for each feature, in the order of the columns. A key is
/// described where its type is.
macro_rules! features {
    ($($key:ident: $form:ty),+ $(,)?) => {
        /// What a classifier is told of an asset at a month-end.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct FeatureSet {
            $(
                #[allow(missing_docs)] // where its type is
                pub $key: $form,
            )+
            /// Whether each feature is standardized across the assets of a month.
            pub standardize: Standardize,
            #[allow(missing_docs)] // where its type is
            #[serde(skip_serializing_if = "ExtraFeatures::is_empty")]
            pub extra: ExtraFeatures,
            #[allow(missing_docs)] // where its type is
            #[serde(skip_serializing_if = "RegimeFeatures::is_empty")]
            pub regimes: RegimeFeatures,
        }

        impl FeatureSet {
            fn keys(&self) -> Vec<(&'static str, &dyn FeatureKey)> {
                let own: Vec<(&'static str, &dyn FeatureKey)> =
                    vec![$((stringify!($key), &self.$key),)+];
                let more: [(&'static str, &dyn FeatureKey); 2] =
                    [("extra", &self.extra), ("regimes", &self.regimes)];
                own.into_iter().chain(more).collect()
            }
        }
    };
}

features! {
    momentum_months: MomentumMonths,
    volatility_days: VolatilityDays,
    correlation_days: CorrelationDays,
}

impl FeatureSet {
    /// Whether the windows make sense, and nothing is named twice.
    pub fn validate(&self, faults: &mut Faults) {
        for (key, asked) in self.keys() {
            faults.part(key, |faults| asked.validate(faults));
        }
        if self.features(1.0).is_empty() {
            faults.push("", "names no feature", "name at least one");
        }
    }

    /// The features, in the order of their columns.
    pub fn features(&self, periods_per_year: f64) -> Vec<Box<dyn Feature>> {
        self.keys().iter().flat_map(|(_, asked)| asked.features(periods_per_year)).collect()
    }
}
