//! The files that the account of a study reads.

use std::path::Path;

use walkfolio_data::{
    AccountData, Error as DataError, FileRequest, Loaded, QuoteBasis, QuoteError, QuoteRequest,
    Within, load_quotes, read_flows,
};
use walkfolio_study::{AccountPrices, AccountSpec, ExecutionPrice, Study};

use crate::Result;

/// Adds quotes and flows below a folder to a market, where the study has an account that needs them; `request` is that of
/// the market's files.
///
/// # Errors
/// Those of the files; what the files lack is an error of the key that asks for it.
pub(crate) fn read_account(
    study: &Study,
    loaded: &mut Loaded,
    folder: &Path,
    request: impl FnOnce() -> Result<FileRequest>,
) -> Result<()> {
    let Some(spec) = &study.config().spec().account else { return Ok(()) };
    let mut own = AccountData::default();
    if spec.prices == AccountPrices::Unadjusted || spec.execution != ExecutionPrice::Close {
        let request = quotes(spec, folder, request()?);
        let read = load_quotes(&request, &loaded.market).map_err(|error| placed(study, error))?;
        loaded.sources.extend(read.records);
        own.notes.extend(read.notes);
        own.quotes = Some(read.quotes);
    }
    if let Some(file) = &spec.flows {
        let csv = study.config().spec().market.csv.clone().unwrap_or_default();
        let read = read_flows(&folder.join(file), &csv)?;
        loaded.sources.push(read.record);
        own.notes.extend(read.notes);
        own.flows = read.flows;
    }
    loaded.account = Some(own);
    Ok(())
}

/// Refuses a market that lacks what the account of a study asks for, as one that no [`market`](crate::market()) has loaded.
///
/// # Errors
/// With the key that asks for it.
pub(crate) fn check_account(study: &Study, loaded: &Loaded) -> Result<()> {
    let Some(spec) = &study.config().spec().account else { return Ok(()) };
    let own = loaded.account.as_ref();
    let has_quotes = own.is_some_and(|own| own.quotes.is_some());
    let (key, what) = if !has_quotes && spec.prices == AccountPrices::Unadjusted {
        ("account.prices", "closes as traded")
    } else if !has_quotes && spec.execution != ExecutionPrice::Close {
        ("account.execution", "prices within sessions")
    } else if own.is_none() && spec.flows.is_some() {
        ("account.flows", "flows")
    } else {
        return Ok(());
    };
    let hint = "load the market with Study::market, which reads the files of the account, too";
    let message = format!("asks for {what}, and the market was loaded without");
    Err(study.error_at(key, message, Some(hint.to_owned())).into())
}

fn quotes(spec: &AccountSpec, folder: &Path, market: FileRequest) -> QuoteRequest {
    let path = |file: &Option<String>| file.as_ref().map(|file| folder.join(file));
    let mut prices = vec![market.prices];
    prices.extend(market.also);
    QuoteRequest {
        prices,
        tickers: market.assets.tickers().to_vec(),
        basis: match spec.prices {
            AccountPrices::Adjusted => QuoteBasis::Adjusted,
            AccountPrices::Unadjusted => {
                QuoteBasis::Unadjusted { closes: path(&spec.closes), events: path(&spec.events) }
            }
        },
        within: match spec.execution {
            ExecutionPrice::Close => None,
            ExecutionPrice::Open => Some((Within::Open, path(&spec.opens))),
            ExecutionPrice::Vwap => Some((Within::Vwap, path(&spec.vwap))),
        },
        layout: market.layout,
        csv: market.csv,
    }
}

/// Puts what the files lack at the key that asks for it.
fn placed(study: &Study, error: DataError) -> crate::Error {
    let DataError::Quotes(quotes) = &error else { return error.into() };
    let key = match quotes {
        QuoteError::NoColumn { .. } => "account.execution",
        _ => "account.prices",
    };
    study.error_at(key, error.to_string(), error.hint()).into()
}
