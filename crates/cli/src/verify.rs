//! `walkfolio verify`.

use std::process::ExitCode;

use serde_json::json;
use walkfolio::Study;

use crate::args::VerifyOptions;
use crate::failure::Failure;
use crate::folder;
use crate::progress::Progress;

pub fn verify(options: &VerifyOptions) -> Result<ExitCode, Failure> {
    let run = folder::backtest(&options.run)?;
    let study = Study::of_manifest(&run.manifest)?;
    let loaded = study.market(options.data.as_deref())?;
    let progress = Progress::new("decisions");
    let found = study.verify(&run, &loaded, &progress);
    progress.finish();
    let found = found?;
    let code = ExitCode::from(u8::from(!found.faults.is_empty()));
    if options.json {
        let fault = |(date, what): &(_, String)| json!({ "date": date, "what": what });
        say!(
            "{}",
            json!({
                "run": options.run.display().to_string(),
                "decisions": found.decisions,
                "confirmed": found.confirmed,
                "fallbacks": found.fallbacks,
                "unconfirmed": found.unconfirmed,
                "worst_gap": found.worst_gap,
                "faults": found.faults.iter().map(fault).collect::<Vec<_>>(),
            })
        );
        return Ok(code);
    }
    say!(
        "{} decisions: {} confirmed by another method (objectives within {:.1e}), {} by fallback, {} feasible but not confirmed",
        found.decisions,
        found.confirmed,
        found.worst_gap,
        found.fallbacks,
        found.unconfirmed
    );
    for (date, what) in found.faults.iter().take(20) {
        say!("ERROR on {date}: {what}");
    }
    if !found.faults.is_empty() {
        say!("{} decisions do not match the ledger", found.faults.len());
    }
    Ok(code)
}
