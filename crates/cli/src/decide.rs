//! `walkfolio decide`.

pub mod account;
mod many;
mod outcome;
mod text;

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use walkfolio::analysis::format::counted;
use walkfolio::record::LiveDecision;
use walkfolio::{Ask, Date, Live, Loaded, Study};

use crate::args::DecideOptions;
use crate::colour::painted;
use crate::failure::Failure;
use crate::folder;
use crate::progress::Progress;

use outcome::NOTHING;
pub use outcome::failure;

pub fn decide(options: &DecideOptions) -> Result<ExitCode, Failure> {
    crate::threads::use_threads(options.study.threads)?;
    let study = Study::load(&options.study.study, &options.study.set)?;
    if let Some(run) = &options.check {
        return check(options, &study, run);
    }
    let loaded = study.market(options.study.data.as_deref())?;
    let live = study.live(&loaded, ask(options, &loaded))?;
    if !live.is_due() && !options.force {
        return Ok(not_due(options, &live));
    }
    if let Some(accounts) = &options.accounts {
        return many::decide(options, accounts, &live);
    }
    let (decision, code) = of_live(options, &live)?;
    if let Some(out) = &options.out {
        walkfolio::write_decision(out, &decision).map_err(failure)?;
    }
    print(options, &decision);
    Ok(ExitCode::from(code))
}

/// The decision of one account or of the study itself, and its exit code; nothing is printed.
pub fn made(options: &DecideOptions) -> Result<(LiveDecision, u8), Failure> {
    let study = Study::load(&options.study.study, &options.study.set)?;
    let loaded = study.market(options.study.data.as_deref())?;
    of_live(options, &study.live(&loaded, ask(options, &loaded))?)
}

fn of_live(options: &DecideOptions, live: &Live<'_>) -> Result<(LiveDecision, u8), Failure> {
    let progress = Progress::new("decisions");
    let decided = match account::input(&options.account)? {
        Some(input) => {
            let rules = account::rules(&options.account);
            live.trade(&input, (&rules, options.account.band_risk), &progress)
        }
        None => live.decide(None, &progress),
    };
    progress.finish();
    let decision = decided?.record;
    let code = if decision.trades() { 0 } else { NOTHING };
    Ok((decision, code))
}

pub fn ask(options: &DecideOptions, loaded: &Loaded) -> Ask {
    let max_age = options.max_age.unwrap_or(Ask::default().max_age);
    Ask { on: options.on, today: today(loaded), max_age, force: options.force }
}

/// The day of the clock; simulated prices are of no day.
pub fn today(loaded: &Loaded) -> Option<Date> {
    (!loaded.synthetic).then(|| TimeZone::UTC.to_datetime(Timestamp::now()).date())
}

pub fn not_due(options: &DecideOptions, live: &Live<'_>) -> ExitCode {
    let (date, next) = (live.date(), live.next_due());
    if options.json {
        say!("{}", json!({ "date": date, "due": false, "next_due": next }));
    } else {
        say!("nothing to decide: the schedule of the study does not ask for it on {date}");
        if let Some(next) = next {
            say!("next: {next}; decide anyway with --force");
        }
    }
    ExitCode::from(NOTHING)
}

pub fn print(options: &DecideOptions, decision: &LiveDecision) {
    if options.json {
        say!("{}", json!(decision));
        return;
    }
    say!("{}", painted(&text::text(decision)));
    if let Some(out) = &options.out {
        say!("report  {}/report.html", out.display());
    }
}

/// Whether past decisions, made as this command makes them, are those of a run.
fn check(options: &DecideOptions, study: &Study, run: &Path) -> Result<ExitCode, Failure> {
    folder::one_backtest(run)?;
    let progress = Progress::new("decisions");
    let found = study.check_decisions(run, options.study.data.as_deref(), &progress);
    progress.finish();
    let found = found.map_err(failure)?;
    let differences = &found.differences;
    if options.json {
        let rows: Vec<_> = differences
            .iter()
            .map(|(date, asset, run, found)| {
                json!({ "date": date, "asset": asset, "run": run, "found": found })
            })
            .collect();
        say!("{}", json!({ "decisions": found.decisions, "differences": rows }));
    } else if differences.is_empty() {
        let all = counted(found.decisions, "decision");
        say!("{all} made again, each from the past before it alone: the bits are the run's");
    } else {
        for (date, asset, run, found) in differences.iter().take(20) {
            say!("ERROR {date}, {asset}: the run has {run}, decided again it is {found}");
        }
        say!(
            "{} of {} decisions made again",
            counted(differences.len(), "difference"),
            found.decisions
        );
    }
    Ok(ExitCode::from(u8::from(!differences.is_empty())))
}
