//! Studies that hold a portfolio of their efficient frontier.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use insta::assert_snapshot;
use walkfolio::{FrontierPortfolio, FrontierRow, Loaded, Run, Silent, Study};

const STUDY: &str = r#"
name = "on-the-frontier"

[market]
assets = ["XLE", "XLF", "XLU", "XLK", "SMH"]
benchmark = "MTUM"

[walk_forward]
first = 2019-06-01
last  = 2020-05-31
every = "month"

[estimate]
covariance = { kind = "sample", window = 60 }
expected_returns = { kind = "sample_mean", window = 60 }

[allocate]
objective = { kind = "frontier", at = "minimum_variance" }
bounds    = { min = 0.0, max = 0.6 }
"#;

fn parse(overrides: &[&str]) -> Result<Study, String> {
    let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
    Study::parse("x.toml", STUDY, &overrides).map_err(|error| error.to_string())
}

fn made(overrides: &[&str]) -> (Study, Loaded, Run) {
    let study = parse(overrides).unwrap_or_else(|error| panic!("{overrides:?}: {error}"));
    let loaded = study.market(None).unwrap();
    let run = study.run(&loaded, &Silent).unwrap_or_else(|error| panic!("{overrides:?}: {error}"));
    (study, loaded, run)
}

/// Portfolios of one kind, each by its rows.
fn portfolios(run: &Run, what: FrontierPortfolio) -> Vec<&[FrontierRow]> {
    let same = |a: &FrontierRow, b: &FrontierRow| {
        (a.date, a.portfolio, a.corner) == (b.date, b.portfolio, b.corner)
    };
    run.frontier.chunk_by(same).filter(|rows| rows[0].portfolio == what).collect()
}

/// Of the portfolio that a decision chose by a rule, what is asked of it.
type Wanted = fn(&FrontierRow) -> bool;

const RULES: [(&str, Wanted); 5] = [
    ("\"minimum_variance\"", |row| row.corner == 1 && row.risk_aversion.is_none()),
    ("\"maximum_return\"", |row| row.corner > 1),
    ("\"sharpe\"", |row| row.expected_return > 0.0),
    ("{ volatility = 0.16 }", |row| (row.volatility - 0.16).abs() < 1e-12),
    ("{ return = 0.25 }", |row| (row.expected_return - 0.25).abs() < 1e-12),
];

#[test]
fn what_is_held_is_the_chosen_portfolio_and_is_confirmed() {
    for (rule, wanted) in RULES {
        let at = format!("allocate.objective.at={rule}");
        let (study, loaded, run) = made(&[&at, "allocate.fallbacks=['relax', 'equal_weight']"]);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!((found.faults.as_slice(), found.unconfirmed), (&[][..], 0), "{rule}");
        let chosen = portfolios(&run, FrontierPortfolio::Chosen);
        assert!(chosen.len() >= 4, "{rule}: {}", chosen.len());
        assert_eq!(chosen.len(), run.manifest.decisions - found.fallbacks, "{rule}");
        for rows in chosen {
            assert!(wanted(&rows[0]), "{rule}: {:?}", rows[0]);
            for row in rows {
                let is = |held: &&walkfolio::DecisionRow| {
                    held.date == row.date && held.asset == row.asset
                };
                let held = run.decisions.iter().find(is).unwrap();
                assert_eq!(held.weight, row.weight, "{rule}: {row:?}");
            }
            let note = run.ledger.iter().find(|note| {
                note.date == Some(rows[0].date) && note.message.starts_with("efficient frontier: ")
            });
            assert!(note.unwrap().message.contains(&format!("corner {}", rows[0].corner)));
        }
    }
}

/// The units of the moments change the program, and neither portfolios nor the table.
#[test]
fn moments_of_a_day_have_the_same_frontier() {
    let at = "allocate.objective.at={ volatility = 0.16 }";
    let relax = "allocate.fallbacks=['relax']";
    let [year, day] =
        ["annual", "daily"].map(|units| made(&[at, relax, &format!("estimate.units={units}")]).2);
    assert_eq!(year.frontier.len(), day.frontier.len());
    for (a, b) in year.frontier.iter().zip(&day.frontier) {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-8 * (1.0 + a.abs());
        assert!(near(a.weight, b.weight) && near(a.volatility, b.volatility), "{a:?} {b:?}");
        assert!(near(a.expected_return, b.expected_return), "{a:?} {b:?}");
    }
}

#[test]
fn corners_rise_in_return_and_risk_and_no_asset_is_above_them() {
    let (.., run) = made(&[]);
    let corners = portfolios(&run, FrontierPortfolio::Corner);
    assert!(corners.len() > 12 * 2, "{}", corners.len());
    for pair in corners.windows(2).filter(|pair| pair[0][0].date == pair[1][0].date) {
        let [from, to] = [&pair[0][0], &pair[1][0]];
        assert_eq!(from.corner + 1, to.corner);
        // A portfolio that is the best for a range of risk aversions is two corners.
        let rises = |from: f64, to: f64| from <= to + 1e-12;
        assert!(rises(from.volatility, to.volatility), "{from:?} {to:?}");
        assert!(rises(from.expected_return, to.expected_return), "{from:?} {to:?}");
        assert!(from.risk_aversion.is_none_or(|aversion| to.risk_aversion < Some(aversion)));
    }
    for rows in &corners {
        let sum: f64 = rows.iter().map(|row| row.weight).sum();
        assert!((sum - 1.0).abs() < 1e-12 && rows.iter().all(|row| row.weight <= 0.6 + 1e-12));
        let equal = portfolios(&run, FrontierPortfolio::EqualWeight);
        let equal = equal.iter().find(|equal| equal[0].date == rows[0].date).unwrap();
        assert!(rows[0].corner > 1 || rows[0].volatility <= equal[0].volatility);
    }
}

#[test]
fn what_the_frontier_does_not_have_is_an_error_or_the_nearest() {
    let at = "allocate.objective.at={ volatility = 0.01 }";
    let study = parse(&[at]).unwrap();
    let error = study.run(&study.market(None).unwrap(), &Silent).unwrap_err();
    assert_snapshot!(error, @"at the decision of 2019-06-03: no portfolio of the efficient frontier has a volatility of 0.01: it reaches from 0.109786 to 0.153957");
    let (.., run) = made(&[at, "allocate.fallbacks=['relax']"]);
    let told = run.ledger.iter().find(|row| row.kind == "fallback").unwrap();
    assert_snapshot!(told.message, @"no portfolio of the efficient frontier has a volatility of 0.01: it reaches from 0.109786 to 0.153957; relaxed: the portfolio of the least risk, with a volatility of 0.109786, is taken");
    // The nearest is the first corner.
    for rows in portfolios(&run, FrontierPortfolio::Corner).iter().filter(|r| r[0].corner == 1) {
        for row in *rows {
            let is =
                |held: &&walkfolio::DecisionRow| held.date == row.date && held.asset == row.asset;
            let held = run.decisions.iter().find(is).unwrap();
            assert!((held.weight - row.weight).abs() < 1e-9, "{row:?} {held:?}");
        }
    }
    assert!(portfolios(&run, FrontierPortfolio::Chosen).is_empty());
}

#[test]
fn turnover_and_gross_leverage_are_part_of_the_path() {
    for at in ["minimum_variance", "maximum_return", "sharpe", "{ volatility = 0.2 }"] {
        let (study, loaded, run) = made(&[
            &format!("allocate.objective.at={at}"),
            "allocate.turnover=0.2",
            "allocate.gross_leverage=1.4",
            "allocate.bounds.min=-0.2",
            "allocate.fallbacks=['relax', 'previous']",
        ]);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        assert_eq!((found.faults, found.unconfirmed), (Vec::new(), 0), "{at}");
        let corners = portfolios(&run, FrontierPortfolio::Corner);
        let gross = |rows: &&[FrontierRow]| rows.iter().map(|row| row.weight.abs()).sum::<f64>();
        assert!(corners.iter().map(gross).all(|gross| gross <= 1.4 + 1e-9), "{at}");
        assert!(corners.len() > 12, "{at}: {}", corners.len());
    }
}

#[test]
fn what_bends_the_frontier_is_refused() {
    let faults = [
        "allocate.volatility_cap=0.2",
        "allocate.tracking_error_cap=0.2",
        "allocate.max_holdings=3",
        "allocate.l2_penalty=0.1",
        "costs={ per_side_bps = 5.0 }|allocate.trading_costs=1.0",
        "allocate.objective.risk_free=0.02",
        "allocate.objective.at={ volatility = 0.0 }",
        "allocate.objective.at={ volatilty = 0.1 }",
        "allocate.objective.at={ volatility = 0.1, return = 0.08 }",
        "allocate.objective.at=tangency",
        "allocate.objective.at=0.1",
        "allocate.objective.at=sharpe|allocate.net_leverage={ min = 0.5, max = 1.0 }",
    ]
    .map(|overrides| parse(&overrides.split('|').collect::<Vec<_>>()).unwrap_err());
    assert_snapshot!(faults.join("\n"), @r#"
    x.toml: allocate.volatility_cap: bends the efficient frontier between its corners, which are those of linear constraints (remove it, or use another objective, such as maximum_sharpe or mean_variance)
    x.toml: allocate.tracking_error_cap: bends the efficient frontier between its corners, which are those of linear constraints (remove it, or use another objective, such as maximum_sharpe or mean_variance)
    x.toml: allocate.max_holdings: is kept exactly for a quadratic objective only (use the objective tracking_error, mean_variance or minimum_variance, or remove the rule)
    x.toml: allocate.l2_penalty: has no place in the efficient frontier, which is that of expected return and variance (remove it, or use another objective)
    x.toml: allocate.trading_costs: has no place in the efficient frontier, which is that of expected return and variance (remove it, or use another objective)
    x.toml: allocate.objective.risk_free: has no effect on this portfolio (remove it, or use at = "sharpe")
    x.toml: allocate.objective.at.volatility: must be above 0, found 0 (0.10 is 10 % a year)
    x.toml: allocate.objective.at.volatilty: unknown key `volatilty` (did you mean `volatility`?)
    x.toml: allocate.objective.at: has return and volatility, which exclude each other (write { return = 0.08 } or { volatility = 0.1 })
    x.toml: allocate.objective.at: unknown value "tangency" (one of: sharpe, minimum_variance, maximum_return, { volatility = ... }, { return = ... })
    x.toml: allocate.objective.at: must be a word, found the number 0.1 (one of: sharpe, minimum_variance, maximum_return, { volatility = ... }, { return = ... })
    x.toml: allocate.net_leverage: leaves open how much to invest, and the objective does not say it (write one value other than 0)
    "#);
}

/// A column, and a change of it.
type Edit = (&'static str, fn(&mut FrontierRow));

#[test]
fn changes_of_the_table_are_found_at_their_places() {
    let (study, loaded, honest) = made(&["walk_forward.last=2019-09-30"]);
    let edits: [Edit; 8] = [
        ("date", |row| row.date = row.date.tomorrow().unwrap()),
        ("portfolio", |row| row.portfolio = FrontierPortfolio::EqualWeight),
        ("corner", |row| row.corner += 1),
        ("risk_aversion", |row| row.risk_aversion = Some(7.0)),
        ("expected_return", |row| row.expected_return += 1e-9),
        ("volatility", |row| row.volatility += 1e-9),
        ("asset", |row| row.asset.push('X')),
        ("weight", |row| row.weight += 1e-9),
    ];
    for (column, change) in edits {
        let mut run = honest.clone();
        change(&mut run.frontier[3]);
        let found = study.verify(&run, &loaded, &Silent).unwrap();
        let is = |fault: &walkfolio::Fault| {
            (fault.file.as_str(), fault.column.as_str()) == ("frontier.parquet", column)
                && fault.row == Some(3)
        };
        assert!(found.faults.iter().any(is), "{column}: {:?}", found.faults);
    }
    let mut run = honest.clone();
    run.frontier.clear();
    let found = study.verify(&run, &loaded, &Silent).unwrap();
    assert!(found.faults.iter().any(|fault| fault.file == "frontier.parquet"));
}

#[test]
fn a_folder_gives_the_frontier_back() {
    let study = parse(&["walk_forward.last=2019-09-30"]).unwrap();
    let place = tempfile::tempdir().unwrap();
    study.run_to(place.path().join("run")).unwrap();
    let read = walkfolio::read_run(&place.path().join("run")).unwrap();
    let (.., run) = made(&["walk_forward.last=2019-09-30"]);
    assert_eq!(read.frontier, run.frontier);
    let page = std::fs::read_to_string(place.path().join("run/report.html")).unwrap();
    assert!(page.contains("id=\"chart-efficient\"") && page.contains("The frontier as a table"));
    let text = std::fs::read_to_string(place.path().join("run/report.md")).unwrap();
    let (_, section) = text.split_once("## Efficient frontier").unwrap();
    assert!(section.contains("| Chosen | ∞ |"), "{section}");
}
