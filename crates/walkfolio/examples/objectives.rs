//! The tables of `docs/src/studies/objectives.md`: `make objectives`.
//!
//! Every cell of `studies/objectives.toml` on real prices from `WALKFOLIO_DATA`, default `../shared/data`. Next to
//! each Sharpe ratio is its difference from that of equal weights, by a studentized block bootstrap (Ledoit &
//! Wolf 2008), and the p values of all differences together by Holm's method. Written between two marks of the
//! page.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use walkfolio::inference::bootstrap::{Bootstrap, Difference, sharpe_difference, sharpe_ratio};
use walkfolio::inference::multiple::holm;
use walkfolio::{Cell, GridRun, Loaded, Silent, Study};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const PERIODS: f64 = 252.0;
const BEGIN: &str = "<!-- figures of `make objectives` -->";
const END: &str = "<!-- end of figures -->";

/// Other settings of the same study, and what they are called.
const VARIANTS: [(&str, &[&str]); 4] = [
    ("A window of 126 sessions", &["126"]),
    ("A window of 504 sessions", &["504"]),
    ("At most 25 % in one", &["allocate.bounds.max=0.25"]),
    ("With SHV, which is next to cash", &[TWELVE]),
];
const TWELVE: &str = "market.assets=['FXE', 'EWJ', 'GLD', 'QQQ', 'SPY', 'SHV', 'DBA', 'USO', 'XBI', 'ILF', 'EPP', 'FEZ']";

/// A backtest's returns with those of cash on the same sessions.
struct Track {
    name: String,
    own: Vec<f64>,
    row: usize,
    measures: Option<[f64; 5]>,
}

fn main() -> Outcome<()> {
    let data = std::env::var_os("WALKFOLIO_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    let (mut text, tracks) = table(&[], &data)?;
    text += &variants(&tracks, &data)?;
    let page = repository().join("docs/src/studies/objectives.md");
    let old = std::fs::read_to_string(&page)?;
    let (before, rest) = old.split_once(BEGIN).ok_or("the page has no figures")?;
    let (_, after) = rest.split_once(END).ok_or("the figures have no end")?;
    std::fs::write(&page, format!("{before}{BEGIN}\n\n{text}\n{END}{after}"))?;
    println!("{text}");
    Ok(())
}

/// The grid with some settings.
fn run(overrides: &[String], data: &Path) -> Outcome<(Loaded, GridRun)> {
    let study = Study::load(&repository().join("studies/objectives.toml"), overrides)?;
    let loaded = study.market(Some(data))?;
    let grid = study.run_grid(&loaded, Some(data), &Silent)?;
    Ok((loaded, grid))
}

fn tracks(loaded: &Loaded, grid: &GridRun) -> Outcome<Vec<Track>> {
    let mut all = Vec::new();
    for cell in &grid.cells {
        let first = cell.sessions.first();
        let first = first.ok_or_else(|| cell.message.clone().unwrap_or_default())?;
        let row = loaded.market.dates().iter().position(|date| date == first);
        let row = row.ok_or("the first session is not one of the market")?;
        let keys =
            ["annual_return", "volatility", "sharpe_ratio", "max_drawdown", "turnover_annual"];
        let measures = keys.map(|key| cell.measure(key).unwrap_or(f64::NAN));
        let (name, own) = (name(cell), cell.returns.clone());
        all.push(Track { name, own, row, measures: Some(measures) });
    }
    let (row, rows) = (all[0].row, all[0].own.len());
    let benchmark = loaded.market.benchmark().ok_or("no benchmark")?;
    let own = (row..row + rows).map(|row| benchmark.value(row).ok_or("no return of SPY"));
    let own = own.collect::<Result<_, _>>()?;
    all.push(Track { name: "SPY alone".to_owned(), own, row, measures: None });
    Ok(all)
}

/// The kind of a cell's objective with its settings.
fn name(cell: &Cell) -> String {
    let objective = &cell.settings[0];
    let kind = objective["kind"].as_str().unwrap_or_default();
    let setting = |key: &str| objective.get(key).map(|value| format!(", {key} {value}"));
    let keys = ["of", "risk_aversion", "lambda", "beta", "level"];
    let mut name = format!("`{kind}`");
    keys.iter().filter_map(|key| setting(key)).for_each(|text| name += &text.replace('"', ""));
    name
}

fn cash(loaded: &Loaded, track: &Track) -> Outcome<Vec<f64>> {
    let cash = loaded.market.cash().ok_or("no rate of cash")?;
    let rows = track.row..track.row + track.own.len();
    Ok(rows.map(|row| cash.value(row).ok_or("no rate of cash")).collect::<Result<_, _>>()?)
}

/// The differences of the Sharpe ratios from that of the first, with all p values together.
fn differences(loaded: &Loaded, tracks: &[Track]) -> Outcome<Vec<Option<(Difference, f64)>>> {
    let cash = cash(loaded, &tracks[0])?;
    let first = &tracks[0].own;
    let settings = Bootstrap { resamples: 10_000, ..Bootstrap::default() };
    let found: Vec<Option<Difference>> = tracks
        .iter()
        .map(|track| sharpe_difference(&track.own, first, Some(&cash), PERIODS, &settings))
        .collect();
    let p_values: Vec<f64> = found.iter().flatten().map(|one| one.p_value).collect();
    let mut together = holm(&p_values).into_iter();
    Ok(found.into_iter().map(|one| Some((one?, together.next()?))).collect())
}

/// The main table, and its backtests.
fn table(overrides: &[String], data: &Path) -> Outcome<(String, Vec<Track>)> {
    let (loaded, grid) = run(overrides, data)?;
    let tracks = tracks(&loaded, &grid)?;
    let cash = cash(&loaded, &tracks[0])?;
    let mut text = String::from(
        "| objective | return | volatility | Sharpe ratio | 95 % interval | from equal weights | 95 % interval | p | p of all | drawdown | turnover |\n|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (track, difference) in tracks.iter().zip(differences(&loaded, &tracks)?) {
        let excess: Vec<f64> = track.own.iter().zip(&cash).map(|(own, cash)| own - cash).collect();
        let sharpe = sharpe_ratio(&excess, PERIODS, &Bootstrap::default()).ok_or("no interval")?;
        let [annual, volatility, _, drawdown, turnover] =
            track.measures.unwrap_or_else(|| plain(&track.own));
        let mut row = format!(
            "{:.1} % | {:.1} % | {:.2} | {:.2} to {:.2} |",
            100.0 * annual,
            100.0 * volatility,
            sharpe.estimate,
            sharpe.low,
            sharpe.high
        );
        match difference {
            Some((found, together)) => write!(
                row,
                " {:+.2} | {:+.2} to {:+.2} | {:.3} | {together:.2} |",
                found.interval.estimate, found.interval.low, found.interval.high, found.p_value
            )?,
            None => row += " | | | |",
        }
        write!(row, " {:.0} % | {:.0} % |", 100.0 * drawdown, 100.0 * turnover)?;
        writeln!(text, "| {} | {}", track.name, row.replace('-', "−"))?;
    }
    let bias = grid.selection_bias.ok_or("no selection bias")?;
    let deflated = bias.deflated.ok_or("no deflated Sharpe ratio")?.probability;
    let overfitted = bias.overfitting.ok_or("no probability of overfitting")?.probability;
    let (first, last) = (bias.first, bias.last);
    writeln!(
        text,
        "\n{first} to {last}, {} sessions. Best of {}: {}; it beats the best of as many without skill with a \
         probability of {:.0} % (deflated Sharpe ratio), and choosing it is overfitted with one of {:.0} %.",
        bias.sessions,
        bias.trials,
        tracks[bias.best].name,
        100.0 * deflated,
        100.0 * overfitted
    )?;
    Ok((text, tracks))
}

/// Return, volatility, none, drawdown and no turnover of a series that is held.
fn plain(returns: &[f64]) -> [f64; 5] {
    let (mut wealth, mut high, mut drawdown) = (1.0f64, 1.0f64, 0.0f64);
    for r in returns {
        wealth *= 1.0 + r;
        high = high.max(wealth);
        drawdown = drawdown.min(wealth / high - 1.0);
    }
    let rows = returns.len() as f64;
    let mean = returns.iter().sum::<f64>() / rows;
    let variance = returns.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / (rows - 1.0);
    [wealth.powf(PERIODS / rows) - 1.0, (variance * PERIODS).sqrt(), 0.0, drawdown, 0.0]
}

/// The Sharpe ratios with other settings.
fn variants(main: &[Track], data: &Path) -> Outcome<String> {
    let mut columns = Vec::new();
    for (_, settings) in VARIANTS {
        let overrides: Vec<String> = match settings {
            [window] if window.parse::<u32>().is_ok() => {
                let mut keys: Vec<String> = ["covariance", "expected_returns"]
                    .map(|of| format!("estimate.{of}.window={window}"))
                    .into();
                // Two years of returns begin a year later.
                keys.extend((*window == "504").then(|| "walk_forward.first=2009-03-02".to_owned()));
                keys
            }
            keys => keys.iter().map(ToString::to_string).collect(),
        };
        let (loaded, grid) = run(&overrides, data)?;
        let tracks = tracks(&loaded, &grid)?;
        let cash = cash(&loaded, &tracks[0])?;
        let found = differences(&loaded, &tracks)?;
        let cells = tracks.iter().zip(found).map(|(track, difference)| {
            let excess: Vec<f64> = track.own.iter().zip(&cash).map(|(a, b)| a - b).collect();
            let sharpe = sharpe_ratio(&excess, PERIODS, &Bootstrap::default());
            let sharpe = sharpe.map_or(f64::NAN, |found| found.estimate);
            let p = difference.map_or_else(String::new, |(_, p)| format!(" ({p:.2})"));
            format!("{sharpe:.2}{p}").replace('-', "−")
        });
        columns.push(cells.collect::<Vec<String>>());
    }
    let names = VARIANTS.map(|(name, _)| name).join(" | ");
    let mut text = format!(
        "\nThe Sharpe ratio with other settings, in brackets p of all differences from equal weights:\n\n| objective | {names} |\n|---|---|---|---|---|\n"
    );
    for (at, track) in main.iter().enumerate() {
        let cells: Vec<&str> = columns.iter().map(|column| column[at].as_str()).collect();
        writeln!(text, "| {} | {} |", track.name, cells.join(" | "))?;
    }
    Ok(text)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
