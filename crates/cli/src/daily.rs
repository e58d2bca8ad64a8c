//! `walkfolio daily`.

mod arguments;
mod inputs;
pub mod options;
mod record;
mod verify;

use std::path::Path;
use std::process::ExitCode;

use walkfolio::quality::Severity;
use walkfolio::{Date, Live, Study};

use crate::args::{CheckOptions, DecideOptions, StudyOptions};
use crate::check;
use crate::decide;
use crate::failure::Failure;
use crate::fetch::{self, FetchOptions, From};
use options::DailyOptions;
pub use record::MANIFEST;
use record::{Day, Staged};
pub use verify::verify;

/// Fetches, checks and decides, and ends at the first of them that is not right.
pub fn daily(options: &DailyOptions) -> Result<ExitCode, Failure> {
    crate::threads::use_threads(options.study.threads)?;
    if let Some(from) = options.from {
        let code = fetched(options, from)?;
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    if let Some(code) = checked(options)? {
        return Ok(code);
    }
    let study = Study::load(&options.study.study, &options.study.set)?;
    let loaded = study.market(options.study.data.as_deref())?;
    let asked = of_day(options, options.on);
    let live = study.live(&loaded, decide::ask(&asked, &loaded))?;
    if !live.is_due() && !options.force {
        return Ok(decide::not_due(&asked, &live));
    }
    decided(options, &study, &live)
}

fn fetched(options: &DailyOptions, from: From) -> Result<ExitCode, Failure> {
    let into = options.study.data.clone().unwrap_or_default();
    let study = Some(options.study.study.clone());
    fetch::fetch(&FetchOptions {
        base_url: options.base_url.clone(),
        ..FetchOptions::of_study(study, from, into)
    })
}

/// The code with which it ends if the data are not right.
fn checked(options: &DailyOptions) -> Result<Option<ExitCode>, Failure> {
    let StudyOptions { study, data, .. } = &options.study;
    let check = CheckOptions {
        study: Some(study.clone()),
        prices: None,
        data: data.clone(),
        all: false,
        out: None,
        json: false,
    };
    let report = check::report(&check)?;
    let most = if options.care.accept_warnings { Severity::Warning } else { Severity::Note };
    if report.worst().is_none_or(|worst| worst <= most) {
        return Ok(None);
    }
    say!("{}", check::shown(&report, false));
    report!(
        "stopped: the data are not right; --accept-warnings goes on where there are warnings only"
    );
    Ok(Some(ExitCode::FAILURE))
}

/// The options of `decide` for a session.
fn of_day(options: &DailyOptions, on: Option<Date>) -> DecideOptions {
    DecideOptions {
        study: options.study.clone(),
        on,
        force: options.force,
        max_age: options.max_age,
        account: options.account.clone(),
        accounts: None,
        account_holdings: None,
        out: None,
        check: None,
        json: options.json,
    }
}

/// Decides from a copy of all inputs, and keeps it with what was decided.
fn decided(options: &DailyOptions, study: &Study, live: &Live<'_>) -> Result<ExitCode, Failure> {
    let date = live.date();
    let inputs = inputs::of(options, study)?;
    let command = arguments::of(options, &inputs, date);
    let folder = options.days.join(date.to_string());
    let fresh = Day::of(study, (date, command), &inputs);
    // Until the end: another one that runs at the same time waits, and finds this one's day.
    let _alone = record::alone(&options.days)?;
    let earlier = Day::read(&folder)?;
    if let Some(earlier) = &earlier {
        match fresh.differs_from(earlier) {
            None => {
                say!("decided before from the same inputs: {}", folder.display());
                return Ok(ExitCode::from(earlier.exit));
            }
            Some(what) if !options.care.again => return Err(other_inputs(&folder, &what)),
            Some(_) => {}
        }
    }
    let staged = Staged::new(&folder)?;
    staged.copy(&inputs)?;
    let own = fresh.decide(staged.path())?;
    let (decision, code) = decide::made(&own)?;
    decide::print(&of_day(options, Some(date)), &decision);
    staged.finish(&folder, fresh, (&decision, code))?;
    say!("kept in  {}", folder.display());
    Ok(ExitCode::from(code))
}

fn other_inputs(folder: &Path, what: &str) -> Failure {
    let message = format!("{} was decided from other inputs: {what}", folder.display());
    let hint = "--again decides anew and keeps the earlier folder";
    Failure::plain(message, Some(hint.to_owned()))
}
