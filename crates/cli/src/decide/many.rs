//! `walkfolio decide --accounts`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;
use walkfolio::analysis::format::{count, counted, decimals};
use walkfolio::record::{AccountsDecision, SIMULATED};
use walkfolio::to_folder::Reason;
use walkfolio::{AccountBook, DecidedAccounts, Error, Live, decide_accounts};

use super::account;
use super::outcome::{NOTHING, failure};
use crate::args::DecideOptions;
use crate::failure::Failure;
use crate::progress::Progress;

pub fn decide(
    options: &DecideOptions,
    accounts: &Path,
    live: &Live<'_>,
) -> Result<ExitCode, Failure> {
    // Clap asks for both.
    let (Some(positions), Some(out)) = (&options.account_holdings, &options.out) else {
        let what = "--accounts needs --account-holdings and --out".to_owned();
        return Err(Failure::plain(what, None));
    };
    let book = AccountBook::read(accounts, positions).map_err(Error::from)?;
    let terms = account::terms(&options.account)?;
    let progress = Progress::new("accounts");
    let done = decide_accounts(live, (&book, &terms), out, &progress);
    progress.finish();
    let DecidedAccounts { decision, failures } = done.map_err(|reason| match reason {
        Reason::Run(Error::Interrupted) => {
            Failure::interrupted("stopped: the same command goes on from here")
        }
        other => failure(other),
    })?;
    if options.json {
        let rows: Vec<_> = failures
            .iter()
            .map(|(account, reason, hint)| json!({ "account": account, "reason": reason, "hint": hint }))
            .collect();
        say!("{}", json!({ "decision": decision, "failures": rows }));
    } else {
        say!("{}", text(&decision, &failures));
        say!("results  {}/accounts.parquet", out.display());
    }
    Ok(ExitCode::from(code(&decision)))
}

/// 1 if an account failed, 3 if nothing is to trade.
fn code(decision: &AccountsDecision) -> u8 {
    match (decision.failed, decision.trades) {
        (1.., _) => 1,
        (0, 0) => NOTHING,
        (0, _) => 0,
    }
}

fn text(decision: &AccountsDecision, failures: &[(String, String, String)]) -> String {
    let AccountsDecision { study, date, known, accounts, trades, failed, .. } = decision;
    let mut lines = vec![format!("{study}: decision for {date}, from prices until {known}")];
    if decision.synthetic {
        lines.push(SIMULATED.to_owned());
    }
    lines.extend(decision.notes.iter().filter(|note| !note.starts_with("note: ")).cloned());
    let still = accounts - trades - failed;
    let number = |value: usize| count(value as f64);
    lines.push(String::new());
    lines.push(format!(
        "{}: {} with orders, {} with nothing to trade, {} failed",
        counted(*accounts, "account"),
        number(*trades),
        number(still),
        number(*failed)
    ));
    lines.push(format!(
        "{} for {}, cost {}, of accounts worth {}",
        counted(decision.orders, "order"),
        decimals(decision.traded, 2),
        decimals(decision.cost, 2),
        decimals(decision.equity, 2)
    ));
    for (account, reason, hint) in failures {
        lines.push(format!("FAILED {account}: {reason}"));
        if !hint.is_empty() {
            lines.push(format!("  help: {hint}"));
        }
    }
    if *failed > failures.len() {
        let more = number(failed - failures.len());
        lines
            .push(format!("and {more} more: status, reason and hint of accounts.parquet have all"));
    }
    lines.join("\n").replace('\u{202f}', " ").replace('\u{2212}', "-")
}
