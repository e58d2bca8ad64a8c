//! The groups of assets that effects are taken by.

use std::collections::BTreeMap;

use crate::Result;

use super::taken::Taken;

/// What is not invested, as a group.
pub(super) const UNINVESTED: &str = "uninvested";

/// The groups of a universe; the last is what is not invested.
pub(super) struct Groups {
    pub names: Vec<String>,
    /// By universe index.
    pub of: Vec<usize>,
    /// By group, how many assets it has.
    pub sizes: Vec<usize>,
}

impl Groups {
    /// The study's groups, or one for each asset.
    ///
    /// A series that came back after a gap under another name (`AMD_2`) is in the group of the first.
    pub fn of(taken: &Taken<'_>) -> Result<Self> {
        let tickers = taken.market.universe().tickers();
        let mut names: Vec<String> = taken.spec.groups.keys().cloned().collect();
        let of: Vec<usize> = if names.is_empty() {
            names = tickers.iter().map(ToString::to_string).collect();
            (0..tickers.len()).collect()
        } else {
            let owner = Self::owners(taken)?;
            let group = |name: &str| owner.get(name).or_else(|| owner.get(base(name)?)).copied();
            let of: Vec<Option<usize>> = tickers.iter().map(|one| group(one.as_str())).collect();
            let missing: Vec<&str> = of
                .iter()
                .zip(tickers)
                .filter(|(of, _)| of.is_none())
                .map(|(_, one)| one.as_str())
                .collect();
            if !missing.is_empty() {
                let message = format!("no group has {}", some(&missing));
                let hint =
                    "put each asset of the data into a group: effects must add up to the whole";
                return Err(taken
                    .study
                    .error_at("attribution.groups", message, Some(hint.to_owned()))
                    .into());
            }
            of.into_iter().flatten().collect()
        };
        names.push(UNINVESTED.to_owned());
        let mut sizes = vec![0; names.len()];
        for &group in &of {
            sizes[group] += 1;
        }
        Ok(Self { names, of, sizes })
    }

    /// The group of each name; names must be assets of the data.
    fn owners<'a>(taken: &'a Taken<'_>) -> Result<BTreeMap<&'a str, usize>> {
        let mut owner = BTreeMap::new();
        for (group, (name, assets)) in taken.spec.groups.iter().enumerate() {
            taken.assets(&format!("attribution.groups.{name}"), assets)?;
            owner.extend(assets.iter().map(|asset| (asset.as_str(), group)));
        }
        Ok(owner)
    }
}

/// The name of the series that another one continues.
fn base(name: &str) -> Option<&str> {
    let (base, number) = name.rsplit_once('_')?;
    number.parse::<u32>().is_ok().then_some(base)
}

/// Some names of many.
fn some(names: &[&str]) -> String {
    let more =
        if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
    format!("{}{more}", names[..names.len().min(5)].join(", "))
}
