//! Moves that are no market's: unit errors, missed splits, spikes, and those that only look so.

use std::ops::Range;

use walkfolio_core::{Date, Ticker};

use super::finding::{Finding, Kind, Severity, count, period};
use super::moves::{Day, Path};
use super::panel::{Column, Panel};
use super::stats::median;

/// Factors between units: pence and pounds, a year of sessions, thousands, and their square.
const UNITS: [f64; 4] = [100.0, 252.0, 1000.0, 10_000.0];
/// How far a log ratio may lie from that of a unit: two sessions of a wild market.
const UNIT_TOLERANCE: f64 = 0.2;
/// The largest ratio of a split or a reverse split.
const LARGEST_SPLIT: f64 = 200.0;
/// What may be left of a change of unit once it has come back.
const UNIT_REST: f64 = 2.0 * UNIT_TOLERANCE;
/// How far a log ratio may lie from that of a split, at most.
const SPLIT_TOLERANCE: f64 = 0.04;
/// A split stands out by so many deviations.
const SPLIT_SCORE: f64 = 10.0;
/// Splits that a market's own fall may equal: new shares for old ones.
const SMALL_SPLITS: [(u8, u8); 3] = [(3, 2), (4, 3), (5, 4)];
/// How far a log ratio may lie from that of a small split, at most.
const SMALL_TOLERANCE: f64 = 0.02;
/// A small split stands out by so many deviations ..
const SMALL_SCORE: f64 = 25.0;
/// .. and in so many rows after it ..
const QUIET_ROWS: usize = 5;
/// .. no move has as many as these: a real fall of that size is followed by wild days.
const QUIET_SCORE: f64 = 3.0;
/// A vendor that knows of a split applies it wrongly within so many rows of its date.
const STATED_ROWS: usize = 40;
/// How far a step may lie from the log of a stated split, as a share of it.
const STATED_TOLERANCE: f64 = 0.15;
/// Both legs of a spike stand out by so many deviations ..
const SPIKE_SCORE: f64 = 8.0;
/// .. and are at least so large, in log return.
const SPIKE_LEAST: f64 = 0.04;
/// A spike lasts at most so many rows.
const SPIKE_ROWS: usize = 3;
/// What is left of a spike afterwards, as a share of it.
const SPIKE_REST: f64 = 0.2;
/// A spike is an error from this log return on.
const SPIKE_ERROR: f64 = 0.7;
/// A fall of so many deviations ..
const SPIN_OFF_SCORE: f64 = 8.0;
/// .. on a day on which the others' median moves by no more than this log return ..
const SPIN_OFF_MARKET: f64 = 0.01;
/// .. of which so many rows ..
const SPIN_OFF_ROWS: usize = 60;
/// .. never regain this share may be a spin-off ..
const SPIN_OFF_BACK: f64 = 0.5;
/// .. if it is so many times the root mean square of the next [`QUIET_ROWS`] scores.
const SPIN_OFF_QUIET: f64 = 14.0;
/// A move of so many deviations is a jump.
const JUMP_SCORE: f64 = 15.0;
/// A simple return from which on a move is a jump whatever its score.
const JUMP_LINE: f64 = 0.25;
/// Over a gap of more rows the line means nothing.
const JUMP_ROWS: usize = 5;
/// A jump over the line is suspect from so many deviations on.
const JUMP_SUSPECT: f64 = 25.0;

/// Finds what an asset's moves mean; a move has one meaning at most.
///
/// In this order, `r` being the log return and the score that of [`super::moves::Move`]:
///
/// - unit error: `|r|` within 0.2 of the log of 100, 252, 1000 or 10000. Rows up to an opposite
///   step are wrong; without one the step lasts. An error; the value is the ratio.
/// - missed split: `|r|` is the log of a split that the file states within 40 rows, to within three
///   deviations and 15 % of it, or of a whole number from 2 to 200 to within three deviations and
///   0.04, stands out by ten deviations, and the median price of five rows after keeps at least three
///   quarters of the step. A fall by 3:2, 4:3 or 5:4 is one to within a deviation and 0.02, if it stands
///   out by 25 deviations and none of the next five rows moves by three: on 1.95 million prices of the
///   S&P 500 (2010 to 2026) no move is taken for one by mistake. An error; the value is the ratio.
/// - reversal: two legs, at most three rows apart, both of eight deviations and 4 %, that leave at
///   most a fifth. A warning, an error from a factor of two on. The value is the first leg.
/// - spin-off: a fall of eight deviations and 4 % while the others' median moves by at most 1 %, of which
///   60 rows never regain half, and 14 times the root mean square of the next five scores: what a spin-off
///   or a special dividend takes leaves an asset as quiet as it was. A warning, since bad news may look
///   alike: there are 65 of 1.93 million adjusted prices of the S&P 500 (2010 to 2026), none of the ETFs.
///   The value is the return.
/// - jump: a simple return of 25 % or more, or 15 deviations. A note; a warning if it is both over
///   the line and 25 deviations. The value is the return.
pub(crate) fn find(panel: &Panel, column: &Column, path: &Path, days: &[Day]) -> Vec<Finding> {
    Walk { panel, column, path, days }.findings()
}

/// What each row is by the rows up to it: rows with an error of units and rows with a jump; and
/// reversals, which are known with their second leg.
///
/// The rules are those of [`find`] on a path of [`super::moves::known_path`], with what cannot be
/// known left out: a move by the ratio of a split counts as one whether it lasts or not, splits are
/// those stated up to the row, and both legs of a spike may be jumps.
pub(crate) fn known(panel: &Panel, column: &Column, path: &Path) -> Vec<(Kind, Range<usize>)> {
    let walk = Walk { panel, column, path, days: &[] };
    let (mut found, mut unit, mut reversed) = (Vec::new(), None, 0);
    for place in 1..path.moves.len() {
        let row = path.rows[place];
        let ended = |start: usize| walk.is_opposite(start, place, UNIT_REST, Over::Legs);
        let opened = unit.is_none() && walk.unit_of(place).is_some();
        match unit {
            Some(start) if ended(start) => unit = None,
            None if walk.stated(place, row + 1).is_some() => {}
            None if opened => unit = Some(place),
            None if walk.split_of(place).is_some() => {}
            None => {
                if walk.jump(place).is_some() {
                    found.push((Kind::Jump, row..row + 1));
                }
                if let Some(back) = walk.reversed(place).filter(|_| place > reversed) {
                    found.push((Kind::Reversal, row..path.rows[back]));
                    reversed = back;
                }
            }
            Some(_) => {}
        }
        if unit.is_some() {
            found.push((Kind::UnitError, row..row + 1));
        }
    }
    found
}

/// What is left of a move once it has come back.
#[derive(Clone, Copy)]
enum Over {
    /// The two legs alone: over many rows the market's own drift does not count.
    Legs,
    /// Every move between them.
    Moves,
}

/// The moves of one asset.
struct Walk<'a> {
    panel: &'a Panel,
    column: &'a Column,
    path: &'a Path,
    /// What the others did, by row; none where that does not matter.
    days: &'a [Day],
}

impl Walk<'_> {
    fn findings(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut place = 1;
        while place < self.path.moves.len() {
            let meaning = self
                .stated_split(place)
                .or_else(|| self.unit(place))
                .or_else(|| self.spike(place))
                .or_else(|| self.split(place))
                .or_else(|| self.spin_off(place))
                .or_else(|| self.jump(place));
            match meaning {
                Some((finding, next)) => {
                    found.push(finding);
                    place = next;
                }
                None => place += 1,
            }
        }
        found
    }

    fn stated_split(&self, place: usize) -> Option<(Finding, usize)> {
        let step = self.path.moves[place];
        let split = self.stated(place, self.panel.dates.len())?;
        let back = self.opposite(place, SPIKE_ROWS, SPIKE_REST * step.log.abs());
        let last = back.map_or(place, |back| back - 1);
        let message = format!(
            "{} changes by the factor {} {}, that of its split of {split}",
            self.ticker(),
            ratio(step.log),
            self.period(place, last)
        );
        let finding = self.finding(Kind::MissedSplit, Severity::Error, (place, last), message);
        Some((finding.sized(libm::exp(step.log)), back.unwrap_or(place) + 1))
    }

    /// The split that a move has the ratio of, among those stated near it and before row `end`.
    fn stated(&self, place: usize, end: usize) -> Option<f64> {
        let splits = self.column.splits.as_ref()?;
        let step = self.path.moves[place];
        if step.log.abs() < 0.18 || step.score < SPIKE_SCORE {
            return None;
        }
        let row = self.path.rows[place];
        let near = row.saturating_sub(STATED_ROWS)..(row + STATED_ROWS + 1).min(end);
        let tolerance = (3.0 * step.scale).min(STATED_TOLERANCE * step.log.abs());
        let like = |split: &f64| {
            *split > 0.0 && (libm::log(*split).abs() - step.log.abs()).abs() <= tolerance
        };
        splits[near].iter().find(|split| like(split)).copied()
    }

    /// The unit that a move has the ratio of.
    fn unit_of(&self, place: usize) -> Option<f64> {
        let log = self.path.moves[place].log;
        let near = |unit: &f64| (log.abs() - libm::log(*unit)).abs() <= UNIT_TOLERANCE;
        UNITS.into_iter().find(near)
    }

    fn unit(&self, place: usize) -> Option<(Finding, usize)> {
        let log = self.path.moves[place].log;
        let unit = self.unit_of(place)?;
        let back = self.opposite(place, self.path.moves.len(), UNIT_REST);
        let sign = if log > 0.0 { "" } else { "1/" };
        let (last, how) = match back {
            Some(back) => (back - 1, self.period(place, back - 1)),
            None => (self.path.moves.len() - 1, format!("from {} on", self.date(place))),
        };
        let message =
            format!("{} is {sign}{unit} times what it was, {how}: a change of unit", self.ticker());
        let finding = self.finding(Kind::UnitError, Severity::Error, (place, last), message);
        Some((finding.sized(libm::exp(log)), back.unwrap_or(place) + 1))
    }

    fn spike(&self, place: usize) -> Option<(Finding, usize)> {
        let step = self.path.moves[place];
        let back = self.reversed(place)?;
        let severity =
            if step.log.abs() >= SPIKE_ERROR { Severity::Error } else { Severity::Warning };
        let message = format!(
            "{} moves {} and back {}",
            self.ticker(),
            percent(step.log),
            self.period(place, back - 1)
        );
        let finding = self.finding(Kind::Reversal, severity, (place, back - 1), message);
        Some((finding.sized(libm::expm1(step.log)), back + 1))
    }

    /// The place at which a spike has come back.
    fn reversed(&self, place: usize) -> Option<usize> {
        let step = self.path.moves[place];
        if step.score < SPIKE_SCORE || step.log.abs() < SPIKE_LEAST {
            return None;
        }
        let back = self.opposite(place, SPIKE_ROWS, SPIKE_REST * step.log.abs())?;
        (self.path.moves[back].score >= SPIKE_SCORE).then_some(back)
    }

    /// The whole split that a move has the ratio of, by what is known on its day.
    fn split_of(&self, place: usize) -> Option<String> {
        let stands_out = self.path.moves[place].score >= SPLIT_SCORE;
        self.whole_split(place).filter(|_| stands_out)
    }

    fn split(&self, place: usize) -> Option<(Finding, usize)> {
        let step = self.path.moves[place];
        let split = self.split_of(place).or_else(|| self.small_split(place));
        let split = split.filter(|_| self.lasts(place))?;
        let message = format!(
            "{} changes by the factor {} {}: looks like an unadjusted {split}",
            self.ticker(),
            ratio(step.log),
            self.period(place, place)
        );
        let finding = self.finding(Kind::MissedSplit, Severity::Error, (place, place), message);
        Some((finding.sized(libm::exp(step.log)), place + 1))
    }

    /// A split of n:1, or a reverse split of 1:n.
    fn whole_split(&self, place: usize) -> Option<String> {
        let step = self.path.moves[place];
        let whole = libm::round(libm::exp(step.log.abs())).max(2.0);
        let near = (step.log.abs() - libm::log(whole)).abs();
        let tolerance = (3.0 * step.scale).min(SPLIT_TOLERANCE);
        let name = if step.log < 0.0 {
            format!("split {whole}:1")
        } else {
            format!("reverse split 1:{whole}")
        };
        (whole <= LARGEST_SPLIT && near <= tolerance).then_some(name)
    }

    /// A split of 3:2, 4:3 or 5:4, which needs more evidence.
    fn small_split(&self, place: usize) -> Option<String> {
        let step = self.path.moves[place];
        let next = &self.path.moves[place + 1..];
        let quiet = next.iter().take(QUIET_ROWS).all(|next| next.score < QUIET_SCORE);
        let near = |(new, old): &&(u8, u8)| {
            let split = libm::log(f64::from(*new) / f64::from(*old));
            (step.log + split).abs() <= step.scale.min(SMALL_TOLERANCE)
        };
        let (new, old) = SMALL_SPLITS.iter().find(near)?;
        (quiet && step.score >= SMALL_SCORE).then(|| format!("split {new}:{old}"))
    }

    fn spin_off(&self, place: usize) -> Option<(Finding, usize)> {
        let step = self.path.moves[place];
        let stands_out = step.score >= SPIN_OFF_SCORE && step.log <= -SPIKE_LEAST;
        if !stands_out || !self.stays_down(place) || !self.is_quiet(place) {
            return None;
        }
        let message = format!(
            "{} moves {} {}, {:.0} deviations, and stays there quietly: may be an unadjusted spin-off or \
             special dividend",
            self.ticker(),
            percent(step.log),
            self.period(place, place),
            step.score
        );
        let finding = self.finding(Kind::SpinOff, Severity::Warning, (place, place), message);
        Some((finding.sized(libm::expm1(step.log)), place + 1))
    }

    /// Whether no price of the next rows regains half of a fall.
    fn stays_down(&self, place: usize) -> bool {
        let half = self.path.prices[place] * libm::exp(-SPIN_OFF_BACK * self.path.moves[place].log);
        let next = self.path.prices[place + 1..].iter().take(SPIN_OFF_ROWS);
        self.lasts(place) && next.max_by(|a, b| a.total_cmp(b)).is_some_and(|best| *best < half)
    }

    /// Whether the others are quiet on the day of a fall, and the asset itself after it.
    fn is_quiet(&self, place: usize) -> bool {
        let day = self.days.get(self.path.rows[place]).copied().flatten();
        let others = day.is_none_or(|(centre, _)| centre.abs() <= SPIN_OFF_MARKET);
        let next = self.path.moves[place + 1..].iter().take(QUIET_ROWS);
        let (rows, squares) =
            next.fold((0, 0.0), |(rows, sum), next| (rows + 1, sum + next.score * next.score));
        let quiet = (squares / QUIET_ROWS as f64).sqrt();
        others && rows == QUIET_ROWS && self.path.moves[place].score >= SPIN_OFF_QUIET * quiet
    }

    fn jump(&self, place: usize) -> Option<(Finding, usize)> {
        let step = self.path.moves[place];
        let value = libm::expm1(step.log);
        let over = value.abs() >= JUMP_LINE && step.rows <= JUMP_ROWS;
        if !over && step.score < JUMP_SCORE {
            return None;
        }
        let suspect = over && step.score >= JUMP_SUSPECT;
        let severity = if suspect { Severity::Warning } else { Severity::Note };
        let message = format!(
            "{} moves {} {}, {:.0} deviations",
            self.ticker(),
            percent(step.log),
            self.period(place, place),
            step.score
        );
        let finding = self.finding(Kind::Jump, severity, (place, place), message);
        Some((finding.sized(value), place + 1))
    }

    /// The first of the next moves that takes this one back, to within a tolerance.
    fn opposite(&self, place: usize, rows: usize, tolerance: f64) -> Option<usize> {
        let over = if rows > SPIKE_ROWS { Over::Legs } else { Over::Moves };
        let next = place + 1..self.path.moves.len().min(place + 1 + rows);
        next.into_iter().find(|&back| self.is_opposite(place, back, tolerance, over))
    }

    /// Whether a later move takes one back, to within a tolerance.
    fn is_opposite(&self, place: usize, back: usize, tolerance: f64, over: Over) -> bool {
        let moves = &self.path.moves;
        let (log, leg) = (moves[place].log, moves[back].log);
        let rest = match over {
            Over::Legs => log + leg,
            Over::Moves => moves[place..=back].iter().map(|step| step.log).sum(),
        };
        leg * log < 0.0 && leg.abs() >= 0.6 * log.abs() && rest.abs() <= tolerance
    }

    /// Whether the level stays where a move has brought it.
    fn lasts(&self, place: usize) -> bool {
        let level =
            |range: std::ops::Range<usize>| libm::log(median(self.path.prices[range].to_vec()));
        let end = (place + 5).min(self.path.prices.len());
        let step = level(place..end) - level(place.saturating_sub(5)..place);
        let log = self.path.moves[place].log;
        step / log >= 0.75
    }

    fn finding(
        &self,
        kind: Kind,
        severity: Severity,
        places: (usize, usize),
        message: String,
    ) -> Finding {
        let span = (self.date(places.0), self.date(places.1));
        Finding::new(kind, severity, span, message).of(&self.column.ticker)
    }

    fn ticker(&self) -> &Ticker {
        &self.column.ticker
    }

    fn date(&self, place: usize) -> Date {
        self.panel.dates[self.path.rows[place]]
    }

    fn period(&self, first: usize, last: usize) -> String {
        let rows = count(last - first + 1, "row");
        let dates = period(self.date(first), self.date(last));
        if first == last { dates } else { format!("{dates} ({rows})") }
    }
}

fn percent(log: f64) -> String {
    format!("{:+.1} %", 100.0 * libm::expm1(log)).replace('-', "−")
}

fn ratio(log: f64) -> String {
    let ratio = libm::exp(log);
    if ratio >= 1.0 { format!("{ratio:.3}") } else { format!("1/{:.3}", 1.0 / ratio) }
}
