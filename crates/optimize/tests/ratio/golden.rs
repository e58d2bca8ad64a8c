//! The real program of every date, and the reference answers.

#![allow(dead_code, clippy::unwrap_used)] // tests and benchmark use their own parts

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use walkfolio_core::Matrix;
use walkfolio_optimize::matrix_form::Ratio;

pub const FUNDS: usize = 12;
const SPY: usize = 4;

/// What stands for the tracking error's denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Floor,
    NotTradable,
    Active,
}

/// A date's program.
#[derive(Debug, Clone)]
pub struct Date {
    pub numerator: Vec<f64>,
    pub covariance: Matrix,
    pub benchmark: Vec<f64>,
    pub floor: f64,
    pub lambda: f64,
    pub a: Matrix,
    pub lo: Vec<f64>,
    pub hi: Vec<f64>,
}

impl Date {
    pub fn view(&self) -> Ratio<'_> {
        Ratio {
            numerator: &self.numerator,
            covariance: &self.covariance,
            benchmark: &self.benchmark,
            floor: self.floor,
            lambda: self.lambda,
            a: &self.a,
            lo: &self.lo,
            hi: &self.hi,
        }
    }
}

/// `A` for a budget alone, and for a budget and one more row.
pub fn budget_rows(n: usize, second: Option<&[f64]>) -> Matrix {
    let mut values = vec![1.0; n];
    values.extend(second.into_iter().flatten());
    Matrix::from_rows(1 + usize::from(second.is_some()), n, values)
}

/// Expected returns, betas and covariances of all dates.
pub struct Inputs {
    pub rho: Vec<Vec<f64>>,
    pub beta: Vec<Vec<f64>>,
    pub sigma: Vec<Matrix>,
}

impl Inputs {
    pub fn dates(&self, reading: Reading, lambda: f64) -> Vec<Date> {
        let date = |t: usize| {
            let rho = &self.rho[t];
            let own = if reading == Reading::Active { rho[SPY] } else { 0.0 };
            let mut benchmark = vec![0.0; FUNDS];
            benchmark[SPY] = 1.0;
            let (mut lo, mut hi) = (vec![-2.0; FUNDS + 2], vec![2.0; FUNDS + 2]);
            (lo[FUNDS], hi[FUNDS]) = (1.0, 1.0);
            if reading == Reading::NotTradable {
                (lo[SPY], hi[SPY]) = (0.0, 0.0);
            }
            Date {
                numerator: rho.iter().map(|r| r - own).collect(),
                covariance: self.sigma[t].clone(),
                benchmark,
                floor: if reading == Reading::NotTradable { 0.0 } else { 0.02 },
                lambda,
                a: budget_rows(FUNDS, Some(&self.beta[t])),
                lo,
                hi,
            }
        };
        (0..self.rho.len()).map(date).collect()
    }
}

/// The folder of references, or a word on standard output.
pub fn folder() -> Option<PathBuf> {
    let path = std::env::var_os("WALKFOLIO_GOLDEN").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden"),
        PathBuf::from,
    );
    let path = path.join("long_short");
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is not there", path.display());
    println!("skipped: real golden not found");
    None
}

pub fn inputs(folder: &Path) -> Inputs {
    let json = read_to_string(folder.join("inputs_S40_90_rho_beta.json")).unwrap();
    let rows = table(&folder.join("inputs_S40_90_sigma.csv"));
    let sigma = rows.iter().map(|row| square(row)).collect();
    Inputs { rho: member(&json, "rho"), beta: member(&json, "beta"), sigma }
}

/// The numbers of a file of comma-separated values, without its first line and column.
pub fn table(path: &Path) -> Vec<Vec<f64>> {
    let text = read_to_string(path).unwrap();
    let row = |line: &str| line.split(',').skip(1).map_while(|x| x.parse().ok()).collect();
    text.lines().skip(1).map(row).collect()
}

fn square(upper: &[f64]) -> Matrix {
    let mut matrix = Matrix::zeros(FUNDS, FUNDS);
    let mut next = upper.iter();
    for i in 0..FUNDS {
        for j in i..FUNDS {
            let value = *next.next().unwrap();
            matrix[(i, j)] = value;
            matrix[(j, i)] = value;
        }
    }
    matrix
}

/// The matrix under a key, row by row.
fn member(json: &str, key: &str) -> Vec<Vec<f64>> {
    let start = json.find(&format!("\"{key}\"")).unwrap();
    let open = start + json[start..].find("[[").unwrap() + 2;
    let end = open + json[open..].find("]]").unwrap();
    let numbers = |row: &str| row.split(',').map(|x| x.trim().parse().unwrap()).collect();
    json[open..end].split("],").map(|row| numbers(row.trim().trim_start_matches('['))).collect()
}
