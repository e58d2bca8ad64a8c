//! The command that makes a day's decision from its folder.

use walkfolio::Date;

use super::inputs::{DATA, Input, STUDY, of_account};
use super::options::DailyOptions;
use crate::args::account::{AccountOptions, LotChoice};

/// The arguments of `walkfolio` in the day's folder.
pub fn of(options: &DailyOptions, inputs: &[Input], date: Date) -> Vec<String> {
    let mut all = vec!["decide".to_owned(), STUDY.to_owned(), "--on".to_owned(), date.to_string()];
    // Data of today are not stale for today; the day itself has been looked at.
    all.extend(["--max-age".to_owned(), options.max_age.unwrap_or(5).to_string()]);
    if options.force {
        all.push("--force".to_owned());
    }
    if inputs.iter().any(|input| input.name.starts_with(DATA)) {
        all.extend(["--data".to_owned(), DATA.to_owned()]);
    }
    for set in &options.study.set {
        all.extend(["--set".to_owned(), set.clone()]);
    }
    all.extend(of_the_account(&options.account));
    all
}

fn of_the_account(options: &AccountOptions) -> Vec<String> {
    let number = |value: Option<f64>| value.map(|value| value.to_string());
    let file = |name: &str, path: &Option<std::path::PathBuf>| {
        path.as_ref().map(|path| of_account(name, path))
    };
    let method = options.lot_method.map(|method| {
        match method {
            LotChoice::HighestCost => "highest-cost",
            LotChoice::Fifo => "fifo",
            LotChoice::MinimumTax => "minimum-tax",
        }
        .to_owned()
    });
    let values = [
        ("--holdings", file("holdings", &options.holdings)),
        ("--cash", number(options.cash)),
        ("--value", number(options.value)),
        ("--prices", file("prices", &options.prices)),
        ("--lot", number(options.lot)),
        ("--min-trade", number(options.min_trade)),
        ("--band", number(options.band)),
        ("--band-risk", number(options.band_risk)),
        ("--lots", file("lots", &options.lots)),
        ("--lot-method", method),
        ("--tax-rates", options.tax_rates.map(|(short, long)| format!("{short},{long}"))),
        ("--max-gains", number(options.max_gains)),
    ];
    let stated = values.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value?]));
    let mut all: Vec<String> = stated.flatten().collect();
    if options.fractional {
        all.push("--fractional".to_owned());
    }
    all
}
