//! What the reader of a decision must know.

use walkfolio_core::{Decision, Note, NoteKind, Weights};
use walkfolio_record::LedgerRow;

use super::live::Live;

/// An asset that ended more sessions ago is a matter of history.
const LATELY: usize = 20;

/// Everything, the gravest first.
pub(super) fn notes(live: &Live<'_>, decision: &Decision, held: &Weights) -> Vec<LedgerRow> {
    let date = Some(live.date());
    let mut rows: Vec<LedgerRow> = Vec::new();
    let mut add = |note: &Note| rows.push(LedgerRow::of_note(date, note));
    of_schedule(live).iter().for_each(&mut add);
    of_prices(live, held).iter().for_each(&mut add);
    decision.notes.iter().for_each(&mut add);
    rows.extend(of_data(live));
    rows.sort_by_key(|row| std::cmp::Reverse(row.note().map(|note: Note| rank(note.kind))));
    rows
}

/// What holds for every account, the gravest first.
pub(super) fn of_study(live: &Live<'_>) -> Vec<LedgerRow> {
    let date = Some(live.date());
    let none = Weights::none(live.market().universe().len());
    let own = of_schedule(live).into_iter().chain(of_prices(live, &none));
    let mut rows: Vec<LedgerRow> = own.map(|note| LedgerRow::of_note(date, &note)).collect();
    rows.extend(of_data(live));
    rows.sort_by_key(|row| std::cmp::Reverse(row.note().map(|note: Note| rank(note.kind))));
    rows
}

/// What the data and the study say of themselves.
fn of_data(live: &Live<'_>) -> Vec<LedgerRow> {
    let general = live.loaded.notes.iter().chain(live.study.notes());
    let mut rows: Vec<LedgerRow> = general.map(|note| LedgerRow::of_note(None, note)).collect();
    let vacuous = live.study.vacuous();
    rows.extend(vacuous.iter().map(|(date, note)| LedgerRow::of_note(*date, note)));
    rows
}

fn rank(kind: NoteKind) -> u8 {
    match kind {
        NoteKind::Fallback => 2,
        NoteKind::Warning => 1,
        NoteKind::Note => 0,
    }
}

fn of_schedule(live: &Live<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if !live.is_due() {
        let next = live
            .next_due()
            .map_or_else(|| "never again".to_owned(), |next| format!("on {next} next"));
        notes.push(Note::warning(format!(
            "the schedule does not ask for a decision on {}: it does {next}; this one was forced",
            live.date()
        )));
    }
    if live.when.after_last {
        let last = live.study.config().schedule().last;
        let last = last.map_or_else(String::new, |last| last.to_string());
        notes.push(Note::info(format!(
            "walk_forward.last is {last}: it ends the backtest, not the decisions after it"
        )));
    }
    if live.when.age > 0 {
        let age = live.when.age;
        notes.push(Note::warning(format!(
            "the data end on {}: {age} sessions since then are not in them",
            live.known()
        )));
    }
    notes
}

/// Assets without a price on the last known session.
fn of_prices(live: &Live<'_>, held: &Weights) -> Vec<Note> {
    let (market, row) = (live.market(), live.row());
    let tickers = market.universe().tickers();
    let mut ended = Vec::new();
    let mut notes = Vec::new();
    for (asset, ticker) in tickers.iter().enumerate() {
        let listing = market.prices().listing(asset);
        if listing.start >= row {
            continue;
        }
        let (is_held, has_ended) = (held.values()[asset] != 0.0, listing.end < row);
        if has_ended && is_held {
            let last = market.dates()[listing.end - 1];
            notes.push(Note::warning(format!(
                "{ticker} is held and has no price on {}: its last is that of {last}; it is sold as soon as it can be",
                live.known()
            )));
        } else if has_ended && row - listing.end < LATELY {
            ended.push(format!("{ticker} ({})", market.dates()[listing.end - 1]));
        } else if !has_ended && !market.is_traded(row - 1, asset) {
            let what = format!(
                "the price of {ticker} on {} was filled in: it is not bought",
                live.known()
            );
            notes.push(if is_held { Note::warning(what) } else { Note::info(what) });
        }
    }
    if !ended.is_empty() {
        let message = format!("without a price on {}: {}", live.known(), ended.join(", "));
        notes.push(Note::warning(message));
    }
    notes
}
