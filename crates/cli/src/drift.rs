//! `walkfolio drift`.

use std::fmt::Write;
use std::process::ExitCode;

use serde_json::json;
use walkfolio::analysis::format::{decimals, percent};
use walkfolio::record::{DriftRecord, Payback, SIMULATED};
use walkfolio::{Ask, Study};

use crate::args::DriftOptions;
use crate::colour::painted;
use crate::decide::{account, today};
use crate::failure::Failure;
use crate::layout::{Side, lines};
use crate::progress::Progress;

pub fn drift(options: &DriftOptions) -> Result<ExitCode, Failure> {
    crate::threads::use_threads(options.study.threads)?;
    let study = Study::load(&options.study.study, &options.study.set)?;
    let Some(input) = account::input(&options.account)? else {
        let hint = "name the file of the account's positions with --holdings FILE".to_owned();
        return Err(Failure::plain("there is no account to look at".to_owned(), Some(hint)));
    };
    let loaded = study.market(options.study.data.as_deref())?;
    let max_age = options.max_age.unwrap_or(Ask::default().max_age);
    let ask = Ask { on: options.on, today: today(&loaded), max_age, force: true };
    let live = study.live(&loaded, ask)?;
    let progress = Progress::new("decisions");
    let found = live.drift(&input, &account::rules(&options.account), &progress);
    progress.finish();
    let found = found?;
    if options.json {
        say!("{}", json!(found));
    } else {
        say!("{}", painted(&text(&found)));
    }
    Ok(ExitCode::SUCCESS)
}

fn text(found: &DriftRecord) -> String {
    let mut text = format!(
        "{}: an account next to the study, at the prices of {}\n",
        found.study, found.known
    );
    if found.synthetic {
        let _ = writeln!(text, "{SIMULATED}");
    }
    for row in found.notes.iter().filter(|row| row.kind != "note") {
        let _ = writeln!(text, "{}: {}", row.kind, row.message);
    }
    let header =
        ["asset", "held", "last target", "drifted", "target now"].map(str::to_owned).to_vec();
    let mut rows = vec![header];
    for row in &found.rows {
        let last = row.last_target.map_or_else(|| "–".to_owned(), percent);
        let own = [row.held, row.study, row.target].map(percent);
        let [held, study, target] = own;
        rows.push(vec![row.asset.clone(), held, last, study, target]);
    }
    let _ = writeln!(text, "\n{}\n", lines(&rows, &[Side::Left, Side::Right]).join("\n"));
    let last = found
        .last_decision
        .map_or_else(|| "its last decision".to_owned(), |date| format!("the decision of {date}"));
    for (from, apart, what) in [
        (found.from_last, found.apart_from_last, format!("{last}, drifted")),
        (found.from_target, found.apart_from_target, "the target of now".to_owned()),
    ] {
        let apart = apart.map_or_else(String::new, |apart| {
            format!(", {} of tracking error a year", percent(apart))
        });
        let _ = writeln!(text, "from {what}: {} of equity{apart}", percent(from));
    }
    text.push_str(&payback(found));
    text.trim_end().replace('\u{202f}', " ").replace('\u{2212}', "-")
}

fn payback(found: &DriftRecord) -> String {
    let Payback { years, gain, pays, less_risk, break_even } = found.payback;
    let mut text = String::new();
    let of =
        |risk: &walkfolio::record::ExpectedRisk| risk.tracking_error.unwrap_or(risk.volatility);
    if let (Some(before), Some(after)) = (&found.risk.before, &found.risk.after) {
        let name = if before.tracking_error.is_some() { "tracking error" } else { "volatility" };
        let (before, after) = (percent(of(before)), percent(of(after)));
        let _ = writeln!(text, "expected {name} {before}, after a rebalance {after} a year");
    }
    let _ = writeln!(text, "a rebalance costs {} bp of equity", decimals(1e4 * found.cost, 2));
    match (gain, pays) {
        (Some(gain), Some(pays)) => {
            let word = if pays { "pays" } else { "does not pay" };
            let gain = percent(gain);
            let _ = writeln!(
                text,
                "its objective gains {gain} in the {} years until the next decision: it {word} for itself",
                decimals(years, 2)
            );
        }
        _ => {
            if let (Some(lower), Some(price)) = (less_risk.filter(|lower| *lower > 0.0), break_even)
            {
                let _ = writeln!(
                    text,
                    "it lowers that risk by {} until the next decision, in {} years: it pays for itself if 1 % less of it for a year is worth more than {} bp of equity",
                    percent(lower),
                    decimals(years, 2),
                    decimals(1e2 * price, 2)
                );
            } else if less_risk.is_some() {
                text.push_str("it does not lower the expected risk: by risk alone it does not pay for itself\n");
            }
        }
    }
    text
}
