//! Every study of the fuzz corpus again, on the stable compiler: no panic, and seeds whose name
//! begins with `no-` are refused, with their faults.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::fmt::Write;

use walkfolio::Study;

#[test]
fn studies() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/study");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 10, "{} studies in {folder}", paths.len());
    let mut told = String::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let read = Study::parse("x.toml", text, &[]);
        // What is stored with a run is a study again, and the same one.
        if let Ok(study) = &read {
            let resolved = toml::to_string(&study.resolved()).unwrap();
            let again = Study::parse("x.toml", &resolved, &[]).unwrap_or_else(|error| {
                panic!("{name}: {error}\n{resolved}");
            });
            assert_eq!(again.hash(), study.hash(), "{name}");
        }
        // A fuzzer names what it finds by its SHA-1.
        if name.len() == 40 {
            continue;
        }
        assert_eq!(read.is_err(), name.starts_with("no-"), "{name}");
        match read {
            Ok(study) => {
                let assets = study.config().universe().map_or(0, walkfolio_core::Universe::len);
                writeln!(told, "{name}: {assets} assets").unwrap();
            }
            Err(error) => writeln!(told, "{name}:\n{error}").unwrap(),
        }
    }
    insta::assert_snapshot!(told, @r#"
    files: 3 assets
    grid: 3 assets
    no-dates:
    x.toml:9: not valid TOML: invalid date, expected month between 01 and 12 (write an existing day, as 2019-06-30)
    no-empty:
    x.toml: name: is missing (add `name = ...`)
    x.toml: market: is missing (add `market = ...`)
    x.toml: walk_forward: is missing (add `walk_forward = ...`)
    x.toml: allocate: is missing (add `allocate = ...`)
    no-grid:
    x.toml:21: grid.market.assets: has no values (list at least one)
    no-numbers:
    x.toml:14: estimate.covariance.window: `99999999999999999999` is not a finite number that fits
    x.toml:18: allocate.objective.window: `99999999999999999999` is not a finite number that fits
    x.toml:19: allocate.bounds.min: `-inf` is not a finite number that fits
    x.toml:19: allocate.bounds.max: `nan` is not a finite number that fits
    no-order:
    x.toml:9: walk_forward.first: 2020-06-01 is later than walk_forward.last = 2019-12-31 (swap the two)
    no-table:
    x.toml:1: name: must be a text, found the number 1 (write "1" in quotes)
    x.toml:2: market: must be a table, found a list
    x.toml:3: walk_forward: must be a table, found the text ""
    x.toml: allocate: is missing (add `allocate = ...`)
    no-tickers:
    x.toml:4: market.assets: ticker "\u{200b}" is not valid: it holds a character that is not printed (write the name as the exchange does, with at most 64 characters)
    no-toml:
    x.toml:1: not valid TOML: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
    no-twice:
    x.toml:4: market.assets: XLE is listed twice among the assets, at positions 1 and 2 (name each asset once)
    no-types:
    x.toml:14: estimate.covariance.window: must be at least 0, found -60
    x.toml:18: allocate.objective.window: must be at least 0, found -60
    x.toml:19: allocate.bounds.max: must be a number, found the text "much"
    no-unknown-keys:
    x.toml:11: walk_forward.evry: unknown key `evry` (did you mean `every`?)
    x.toml:14: estimate.covariance.kind: is missing (one of: factor_model, ledoit_wolf, ledoit_wolf_nonlinear, oas, sample, ewma, ewma_volatility_correlation, denoised, detoned, gerber, pca, blend)
    x.toml:15: estimate.expected_returns.kind: is missing (one of: factor_model, sample_mean, historical, shrinkage, momentum, mean_reversion, multi_factor, ewma, james_stein, bayes_stein, capm, equilibrium, black_litterman, file, blend)
    x.toml:18: allocate.objective.kind: is missing (one of: tracking_error, mean_variance, minimum_variance, robust_utility, maximum_sharpe, maximum_diversification, frontier, robust_mean_variance, minimum_cvar, mean_cvar, minimum_cdar, information_ratio, risk_parity, equal_weight, inverse_volatility, hierarchical_risk_parity, hierarchical_equal_risk_contribution, ensemble)
    small: 3 assets
    "#);
}
