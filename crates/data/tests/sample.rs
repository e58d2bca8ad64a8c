//! The sample market: its shape, its truth, and that it never changes.

// Clippy takes only the test functions themselves for tests, not what they share.
#![allow(clippy::unwrap_used)]

use walkfolio_core::{Date, Factors, Returns, Ticker, Universe};
use walkfolio_data::sample::{
    DEFAULT_SEED, Mood, SampleFactors, SampleRequest, Truth, load, names, truth,
};
use walkfolio_data::{Error, Loaded};

const REPLICA: [&str; 11] =
    ["XLE", "XLF", "XLU", "XLI", "XLK", "XLV", "XLY", "XLP", "XLB", "SMH", "AIQ"];
const GLOBAL: [&str; 12] =
    ["FXE", "EWJ", "GLD", "QQQ", "SPY", "SHV", "DBA", "USO", "XBI", "ILF", "EPP", "FEZ"];

fn request(seed: u64, assets: &[&str], benchmark: &str) -> SampleRequest {
    SampleRequest {
        seed,
        assets: Universe::new(assets).unwrap(),
        benchmark: Some(Ticker::new(benchmark).unwrap()),
        factors: SampleFactors::FrenchThree,
    }
}

fn sample(seed: u64, assets: &[&str], benchmark: &str) -> Loaded {
    load(&request(seed, assets, benchmark)).unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn std(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    (squares / (values.len() - 1) as f64).sqrt()
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (a, b) = (mean(x), mean(y));
    let joint: f64 = x.iter().zip(y).map(|(x, y)| (x - a) * (y - b)).sum();
    joint / ((x.len() - 1) as f64 * std(x) * std(y))
}

/// Returns of an asset on the rows of its listing.
fn returns_of(returns: &Returns, asset: usize) -> Vec<(usize, f64)> {
    returns.listing(asset).map(|row| (row, returns.value(row, asset).unwrap())).collect()
}

/// The inverse of a symmetric positive definite matrix, by Gauss and Jordan.
fn inverse(mut a: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = a.len();
    let mut b: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for k in 0..n {
        let pivot = a[k][k];
        for j in 0..n {
            a[k][j] /= pivot;
            b[k][j] /= pivot;
        }
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[i][k];
            for j in 0..n {
                a[i][j] -= factor * a[k][j];
                b[i][j] -= factor * b[k][j];
            }
        }
    }
    b
}

/// Least squares with White's standard errors: volatility follows the regimes.
fn regress(x: &[Vec<f64>], y: &[f64]) -> Vec<(f64, f64)> {
    let k = x[0].len();
    let weighted = |weights: &dyn Fn(usize) -> f64| {
        let mut sum = vec![vec![0.0; k]; k];
        for (t, row) in x.iter().enumerate() {
            for i in 0..k {
                for j in 0..k {
                    sum[i][j] += weights(t) * row[i] * row[j];
                }
            }
        }
        sum
    };
    let bread = inverse(weighted(&|_| 1.0));
    let moment = |i: usize| x.iter().zip(y).map(|(row, y)| row[i] * y).sum::<f64>();
    let moments: Vec<f64> = (0..k).map(moment).collect();
    let beta: Vec<f64> =
        bread.iter().map(|row| row.iter().zip(&moments).map(|(a, m)| a * m).sum()).collect();
    let fitted = |t: usize| x[t].iter().zip(&beta).map(|(x, b)| x * b).sum::<f64>();
    let meat = weighted(&|t| (y[t] - fitted(t)) * (y[t] - fitted(t)));
    let variance = |i: usize| -> f64 {
        (0..k)
            .flat_map(|a| (0..k).map(move |b| (a, b)))
            .map(|(a, b)| bread[i][a] * meat[a][b] * bread[b][i])
            .sum()
    };
    beta.iter().enumerate().map(|(i, &b)| (b, variance(i).sqrt())).collect()
}

fn market_between(truth: &Truth, factors: &Factors, first: &str, last: &str) -> f64 {
    let inside = |row: &usize| (date(first)..=date(last)).contains(&truth.dates[*row]);
    let rows = (0..truth.dates.len()).filter(inside);
    rows.map(|row| 1.0 + factors.row(row).unwrap()[0]).product::<f64>() - 1.0
}

#[test]
fn prices_never_change() {
    let digests = |assets: &[&str], benchmark| {
        let sources = sample(DEFAULT_SEED, assets, benchmark).sources;
        sources.into_iter().map(|source| source.sha256[..16].to_owned()).collect::<Vec<_>>()
    };
    // Of this program, not of another: they show a change or a platform that computes otherwise.
    assert_eq!(
        digests(&REPLICA, "MTUM"),
        ["930f85e0868460ec", "c59dd10d064361cf", "3a2af6affe250a90"]
    );
    assert_eq!(
        digests(&GLOBAL, "SPY"),
        ["d992c10fba5913b3", "b2c29dc7d10d040f", "3a2af6affe250a90"]
    );
}

#[test]
fn a_series_does_not_depend_on_the_others() {
    let all = sample(7, &[&REPLICA[..], &GLOBAL[..], &["XLK-05"]].concat(), "MTUM").market;
    for name in ["XLE", "AIQ", "USO", "SHV", "XLK-05"] {
        let alone = sample(7, &[name], "MTUM").market;
        let column = all.universe().position(name).unwrap();
        assert_eq!(alone.prices().listing(0), all.prices().listing(column), "{name}");
        for row in 0..alone.rows() {
            assert_eq!(alone.prices().value(row, 0), all.prices().value(row, column), "{name}");
        }
        assert_eq!(alone.benchmark(), all.benchmark());
        assert_eq!(alone.factors(), all.factors());
    }
    assert_ne!(sample(8, &["XLE"], "MTUM").market, sample(7, &["XLE"], "MTUM").market);
}

#[test]
fn it_says_that_it_is_synthetic() {
    let loaded = sample(42, &["SPY"], "SPY");
    assert!(loaded.synthetic);
    let roles: Vec<&str> = loaded.sources.iter().map(|source| source.role).collect();
    assert_eq!(roles, ["prices", "benchmark", "factors"]);
    for source in &loaded.sources {
        assert_eq!(source.name, "synthetic sample market, seed 42");
        assert_eq!(source.first.zip(source.last), Some((date("2005-08-15"), date("2025-08-12"))));
        assert_eq!(source.rows, loaded.market.rows());
    }
    assert!(loaded.notes[0].message.contains("synthetic sample market, seed 42"));
    let plain = SampleRequest { factors: SampleFactors::None, ..request(42, &["SPY"], "SPY") };
    let plain = load(&plain).unwrap().market;
    assert!(plain.factors().is_none() && plain.cash().is_none());
}

#[test]
fn an_unknown_name_is_refused() {
    let wrong = [request(1, &["SPY", "xle"], "SPY"), request(1, &["SPY"], "TSLA")];
    let errors = wrong.map(|request| match load(&request).unwrap_err() {
        Error::Core(error) => (error.to_string(), error.hint().unwrap()),
        other => panic!("{other}"),
    });
    assert_eq!(errors[0].0, "asset xle is not in the sample market");
    assert_eq!(errors[0].1, "did you mean XLE?");
    assert_eq!(errors[1].0, "asset TSLA is not in the sample market");
    assert!(errors[1].1.ends_with("and 304 more"), "{}", errors[1].1);
}

#[test]
fn funds_list_when_they_did() {
    let market =
        sample(DEFAULT_SEED, &[&REPLICA[..], &GLOBAL[..], &["MTUM"]].concat(), "SPY").market;
    for (name, listed) in [
        ("XLE", "2005-08-15"),
        ("SMH", "2005-08-15"),
        ("AIQ", "2018-05-16"),
        ("MTUM", "2013-04-18"),
        ("FXE", "2005-12-12"),
        ("SHV", "2007-01-11"),
        ("DBA", "2007-01-05"),
        ("USO", "2006-04-10"),
        ("XBI", "2006-02-06"),
    ] {
        let listing = market.prices().listing(market.universe().position(name).unwrap());
        assert_eq!(market.dates()[listing.start], date(listed), "{name}");
        assert_eq!(listing.end, market.rows(), "{name}");
    }
}

#[test]
fn every_seed_gives_a_sound_market() {
    let all = names();
    assert_eq!(all.len(), 324);
    for seed in [0, 1, 2, u64::MAX] {
        let assets: Vec<&str> = all.iter().map(String::as_str).collect();
        let market = sample(seed, &assets, "MTUM").market;
        assert_eq!(market.universe().len(), 324);
    }
}

#[test]
fn regression_recovers_the_loadings_of_the_global_funds() {
    for seed in [DEFAULT_SEED, 1, 2] {
        let market = sample(seed, &GLOBAL, "SPY").market;
        let (truth, factors) = (truth(seed), market.factors().unwrap());
        for fund in &truth.global_funds {
            let asset = market.universe().position(fund.ticker).unwrap();
            let returns = returns_of(market.returns(), asset);
            let row = |row: usize| [&[1.0], factors.row(row).unwrap()].concat();
            let x: Vec<Vec<f64>> = returns.iter().map(|&(t, _)| row(t)).collect();
            let y: Vec<f64> =
                returns.iter().map(|&(t, r)| r - factors.risk_free(t).unwrap()).collect();
            let expected = [fund.alpha_annual / 252.0, fund.market, fund.smb, fund.hml];
            for ((found, error), expected) in regress(&x, &y).into_iter().zip(expected) {
                let distance = (found - expected) / error;
                assert!(distance.abs() < 4.0, "{seed} {}: {found} {expected}", fund.ticker);
            }
        }
    }
}

#[test]
fn a_crisis_is_a_crisis_with_any_seed() {
    for seed in 0..8 {
        let market = sample(seed, &["SPY"], "SPY").market;
        let (truth, factors) = (truth(seed), market.factors().unwrap());
        let mood = |row: usize| {
            let regimes = truth.regimes.iter().rev();
            regimes.clone().find(|regime| regime.first <= truth.dates[row]).unwrap().mood
        };
        let volatility = |wanted: Mood| {
            let rows = (0..market.rows()).filter(|&row| mood(row) == wanted);
            std(&rows.map(|row| factors.row(row).unwrap()[0]).collect::<Vec<_>>()) * 252f64.sqrt()
        };
        let (calm, crisis) = (volatility(Mood::Calm), volatility(Mood::Crisis));
        assert!((0.09..0.16).contains(&calm), "{seed}: {calm}");
        assert!(crisis > 2.5 * calm, "{seed}: {crisis} {calm}");
        let fall = |first, last| market_between(&truth, factors, first, last);
        assert!(fall("2008-09-02", "2008-11-20") < -0.20, "{seed}");
        assert!(fall("2020-02-20", "2020-03-23") < -0.25, "{seed}");
        assert!(fall("2020-03-24", "2020-06-30") > 0.20, "{seed}");
    }
}

#[test]
fn sector_funds_are_sums_of_their_stocks() {
    let truth = truth(5);
    let stocks: Vec<&str> = truth.stocks.iter().map(|stock| stock.name.as_str()).collect();
    let all = sample(5, &stocks, "MTUM").market;
    let funds = sample(5, &REPLICA, "MTUM").market;
    let last = all.rows() - 1;
    let cap =
        |row: usize, i: usize| truth.stocks[i].first_share * all.prices().value(row, i).unwrap();
    for (asset, name) in REPLICA.iter().enumerate() {
        let members = &truth.stock_funds.iter().find(|fund| fund.ticker == *name).unwrap().stocks;
        let sum = |row: usize| members.iter().map(|&i| cap(row, i)).sum::<f64>();
        let start = funds.prices().listing(asset).start;
        let price = |row| funds.prices().value(row, asset).unwrap();
        let gap = price(last) / price(start) / (sum(last) / sum(start)) - 1.0;
        assert!(gap.abs() < 1e-6, "{name}: {gap}");
    }
}

#[test]
fn the_momentum_fund_holds_what_its_reviews_say() {
    let truth = truth(5);
    let stocks: Vec<&str> = truth.stocks.iter().map(|stock| stock.name.as_str()).collect();
    let market = sample(5, &stocks, "MTUM").market;
    let fund = market.benchmark().unwrap();
    assert_eq!(truth.reviews.len(), 26);
    let row_of = |date: Date| market.row_on_or_after(date).unwrap();
    for pair in truth.reviews.windows(2) {
        let (start, end) = (row_of(pair[0].date), row_of(pair[1].date));
        assert!(matches!(pair[0].date.month(), 5 | 11));
        assert_ne!(market.dates()[start + 1].month(), pair[0].date.month());
        let holdings = &pair[0].holdings;
        assert_eq!(holdings.len(), 80);
        let sum: f64 = holdings.iter().map(|holding| holding.weight).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!(holdings.iter().all(|h| h.weight > 0.0 && h.weight <= 0.05 + 1e-15));
        if !fund.listing().contains(&start) {
            continue;
        }
        let price = |row: usize, i: usize| market.prices().value(row, i).unwrap();
        let growth = |h: &walkfolio_data::sample::Holding| {
            h.weight * price(end, h.stock) / price(start, h.stock)
        };
        let expected: f64 = holdings.iter().map(growth).sum();
        let found: f64 = (start + 1..=end).map(|row| 1.0 + fund.value(row).unwrap()).product();
        assert!((found / expected - 1.0).abs() < 1e-6, "{}", pair[0].date);
    }
}

/// What a sector replica of the momentum fund can and cannot do.
#[test]
fn momentum_pays_and_sectors_follow_it_roughly() {
    let mut active = Vec::new();
    for seed in [DEFAULT_SEED, 1, 2, 3, 4, 5] {
        let market = sample(seed, &[&REPLICA[..], &["SPY"]].concat(), "MTUM").market;
        let fund = market.benchmark().unwrap();
        let value = |row: usize, asset: usize| market.returns().value(row, asset).unwrap();
        let rows = fund.listing();
        let spy: Vec<f64> = rows.clone().map(|row| value(row, 11)).collect();
        let own: Vec<f64> = rows.map(|row| fund.value(row).unwrap()).collect();
        let together = correlation(&own, &spy);
        assert!((0.80..0.95).contains(&together), "{seed}: {together}");
        active.push((mean(&own) - mean(&spy)) * 252.0);

        let first = market.row_on_or_after(date("2019-06-03")).unwrap();
        let row = |row: usize| (0..11).map(|asset| value(row, asset)).collect::<Vec<f64>>();
        let mut gaps = Vec::new();
        for start in (first..market.rows() - 21).step_by(21) {
            let x: Vec<Vec<f64>> = (start - 252..start).map(row).collect();
            let y: Vec<f64> = (start - 252..start).map(|row| fund.value(row).unwrap()).collect();
            let fit = regress(&x, &y);
            gaps.extend((start..start + 21).map(|t| {
                let replica: f64 = row(t).iter().zip(&fit).map(|(r, (w, _))| r * w).sum();
                replica - fund.value(t).unwrap()
            }));
        }
        let error = std(&gaps) * 252f64.sqrt();
        assert!((0.05..0.10).contains(&error), "{seed}: {error}");
    }
    assert!((0.0..0.05).contains(&mean(&active)), "{active:?}");
}
