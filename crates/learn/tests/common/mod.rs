//! Tables with a known law, and the real library where it is found.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)] // each test takes its part, and may fail

use walkfolio_learn::{Error, Table, XgBoost};

/// The library; without it a test says so and passes, except under `CI=true`.
pub fn xgboost() -> Option<XgBoost> {
    match XgBoost::load(None) {
        Ok(library) => Some(library),
        Err(Error::LibraryMissing { .. }) if std::env::var("CI").as_deref() != Ok("true") => {
            println!("skipped: xgboost not found");
            None
        }
        Err(error) => panic!("{error}; {}", error.hint().unwrap_or_default()),
    }
}

/// SplitMix64 (Steele, Lea & Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// How a feature looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Look {
    Continuous,
    /// Ten different values.
    Ties,
    Integers,
    Constant,
    /// A tenth of the values missing.
    Holes,
    /// One value, where it is not missing.
    ConstantHoles,
    Missing,
}

/// Rows whose labels follow the first features, with noise.
pub fn data(rows: usize, looks: &[Look], seed: u64) -> (Table, Vec<bool>) {
    let mut random = Random(seed);
    let mut table = Table::new((0..looks.len()).map(|k| format!("x{k}")).collect());
    let mut labels = Vec::with_capacity(rows);
    for _ in 0..rows {
        let row: Vec<Option<f64>> = looks.iter().map(|&look| cell(look, &mut random)).collect();
        let value = |k: usize| row.get(k).copied().flatten().map_or(0.3, |v| v.rem_euclid(1.0));
        let signal = value(0) + 0.6 * value(1) * value(2) - 0.4 * value(3);
        labels.push(signal + 0.5 * random.uniform() > 0.9);
        table.push(&row).unwrap();
    }
    (table, labels)
}

fn cell(look: Look, random: &mut Random) -> Option<f64> {
    let u = random.uniform();
    let hole = random.uniform() < 0.1;
    match look {
        Look::Continuous => Some(u),
        Look::Ties => Some((u * 10.0).floor() / 10.0),
        Look::Integers => Some((u * 40.0).floor() * 0.37 - 5.0),
        Look::Constant => Some(0.25),
        Look::Holes => (!hole).then_some(u),
        Look::ConstantHoles => (!hole).then_some(1.5),
        Look::Missing => None,
    }
}

/// Features without missing values, of all looks.
pub fn dense(columns: usize) -> Vec<Look> {
    use Look::{Constant, Continuous, Integers, Ties};
    let looks = [Continuous, Continuous, Ties, Continuous, Integers, Constant, Continuous];
    looks.into_iter().cycle().take(columns).collect()
}

/// Features with missing values, of all looks.
pub fn holes(columns: usize) -> Vec<Look> {
    use Look::{ConstantHoles, Continuous, Holes, Integers, Missing};
    let looks = [Holes, Holes, Continuous, ConstantHoles, Missing, Integers, Holes];
    looks.into_iter().cycle().take(columns).collect()
}
