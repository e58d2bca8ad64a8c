//! A cleaned panel of the rows up to a day is what a longer one begins with, to the bit.

use walkfolio_core::{Date, Ticker, calendar};

use crate::quality::{Cleaned, Cleaning, Column, Kind, Panel, Policy, clean};

const ROWS: usize = 400;

/// Six assets that move on their own, calm for a while and wild later on.
fn panel() -> Panel {
    let dates = calendar::sessions(Date::constant(2022, 1, 3), Date::constant(2024, 3, 28));
    let dates = dates[..ROWS].to_vec();
    let mut state = 7_u64;
    let mut noise = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1_u32 << 24) - 0.5
    };
    let column = |at: usize| {
        let mut price = 50.0 + at as f64;
        let walk = |row: usize| {
            let size = if row > 260 { 0.12 } else { 0.02 };
            price *= 1.0 + size * noise();
            Some(price)
        };
        let prices = (0..ROWS).map(walk).collect();
        Column::new(Ticker::new(&format!("A{at}")).unwrap(), prices)
    };
    let columns = (0..6).map(column).collect();
    Panel::new("prices.csv", dates, columns)
}

/// The panel with one of each: a fall before a storm, a spike, a step of units, equal prices that
/// are usual later on, a sparse session, an asset that ends, no trade, a gap.
pub(crate) fn messy() -> Panel {
    let mut panel = panel();
    let columns = &mut panel.columns;
    scale(&mut columns[0].prices, 250..ROWS, 0.805);
    scale(&mut columns[1].prices, 120..121, 1.6);
    scale(&mut columns[2].prices, 150..160, 100.0);
    for (first, last) in [(100, 106), (300, 306), (320, 330), (340, 348)] {
        let before = columns[3].prices[first - 1];
        columns[3].prices[first..last].fill(before);
    }
    for column in &mut columns[1..5] {
        column.prices[200] = None;
    }
    columns[4].prices[280..].fill(None);
    let mut volumes = vec![Some(1.0); ROWS];
    volumes[180..186].fill(Some(0.0));
    columns[5].volumes = Some(volumes);
    columns[5].prices[220..223].fill(None);
    panel
}

fn scale(prices: &mut [Option<f64>], rows: std::ops::Range<usize>, factor: f64) {
    for price in &mut prices[rows] {
        *price = price.map(|price| factor * price);
    }
}

fn cut(panel: &Panel, rows: usize) -> Panel {
    panel.picked(&(0..rows).collect::<Vec<usize>>())
}

/// The rules that look back only, and fills for the gaps that they leave.
fn rules() -> Cleaning {
    let fill = Policy::ForwardFill { limit_days: 30 };
    Cleaning::new([
        (Kind::Jump, Policy::Winsorize { limit: 0.1 }),
        (Kind::StalePrice, Policy::Mask),
        (Kind::UnitError, Policy::Mask),
        (Kind::ZeroVolume, fill),
        (Kind::SparseSession, Policy::Drop),
        (Kind::Gap, fill),
    ])
}

/// The first row at which the cleaned panel of the known rows is not the beginning of the whole one;
/// prices that are not yet followed by another one of the file are not filled.
fn difference(panel: &Panel, cleaning: &Cleaning) -> Option<(usize, String)> {
    let of = |rows: usize| clean(cut(panel, rows), cleaning).unwrap();
    let whole = of(ROWS);
    (60..ROWS).find_map(|rows| {
        let known = of(rows);
        let dates = known.panel.dates.len();
        if known.panel.dates[..] != whole.panel.dates[..dates] {
            return Some((rows, "dates".to_owned()));
        }
        known.panel.columns.iter().zip(&whole.panel.columns).find_map(|(known, later)| {
            let end = known.prices.iter().rposition(Option::is_some).map_or(0, |row| row + 1);
            (0..dates).find_map(|row| {
                let (a, b) = (known.prices[row], later.prices[row]);
                let open = row >= end && is_filled(&whole, &known.ticker, whole.panel.dates[row]);
                let same = a.map(f64::to_bits) == b.map(f64::to_bits);
                (!same && !open).then(|| (rows, format!("{} {row} {a:?} {b:?}", known.ticker)))
            })
        })
    })
}

fn is_filled(cleaned: &Cleaned, ticker: &Ticker, date: Date) -> bool {
    cleaned.filled.iter().any(|(own, day)| own == ticker && *day == date)
}

#[test]
fn later_rows_change_nothing_that_was_cleaned() {
    let (panel, rules) = (messy(), rules());
    assert_eq!(difference(&panel, &rules), None);
    let notes = clean(panel, &rules).unwrap().notes;
    for done in
        ["as jump", "as stale_price", "as unit_error", "as zero_volume", "as sparse_session"]
    {
        assert!(notes.iter().any(|note| note.message.ends_with(done)), "nothing {done}");
    }
}

#[test]
fn what_takes_later_rows_is_found_and_warned_of() {
    let fill = Policy::ForwardFill { limit_days: 30 };
    let (kind, policy) = (Kind::Reversal, Policy::Mask);
    let rules = Cleaning::new([(kind, policy), (Kind::Gap, fill)]);
    assert!(difference(&messy(), &rules).is_some());
    let notes = clean(messy(), &rules).unwrap().notes;
    assert!(notes.iter().any(|note| note.message.starts_with(&policy.of(kind))), "{notes:?}");
}

#[test]
fn a_fall_before_a_storm_is_cut() {
    let cleaning = Cleaning::new([(Kind::Jump, Policy::Winsorize { limit: 0.1 })]);
    let cleaned = clean(messy(), &cleaning).unwrap().panel;
    let prices = &cleaned.columns[0].prices;
    let fall = prices[250].unwrap() / prices[249].unwrap() - 1.0;
    assert!((fall + 0.1).abs() < 1e-12, "{fall}");
    // What was known before the fall keeps its bits.
    assert_eq!(prices[..250], messy().columns[0].prices[..250]);
}

#[test]
fn sessions_are_sparse_until_the_assets_have_ended() {
    let mut panel = panel();
    for column in &mut panel.columns[..4] {
        column.prices[100..102].fill(None);
        column.prices[350..].fill(None);
    }
    assert_eq!(super::levels::known_sparse(&panel), [100, 101, 350, 351, 352, 353, 354]);
}
