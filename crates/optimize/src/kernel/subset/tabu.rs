//! Exchanges for many assets without costs of trading: steepest descents, and walks that go on past their ends.
//!
//! A walk makes the exchange that is foreseen to be best of all, also where the objective rises; what has left does not
//! enter again for some moves, and what has entered stays for some. All exchanges are foreseen from a
//! [`Strip`](super::strip::Strip), which a move changes by three products of a row and a column.
//!
//! Glover (1989), Tabu search, part I.

use walkfolio_core::random::mixed;

use super::incumbent::Incumbent;
use super::problem::{Place, Problem};
use super::strip::Strip;

/// Moves of a walk, which begins at the best portfolio known.
const MOVES: u64 = 2_500;
/// A walk looks at one in so many holdings, those that are missed least, and at so many at least.
const PART: usize = 3;
const LEAST: usize = 8;
/// What has left stays away for so many moves and up to twice as many; what has entered stays for half of that.
const AWAY: u64 = 7;
/// A strip is made again after so many moves, so that rounding does not add up.
const REFRESH: u64 = 200;
/// Exchanges without a numerical answer that end a walk.
const FAILURES: u32 = 20;

/// Until when assets stay out or in.
struct Memory {
    round: u64,
    now: u64,
    /// At which move each holding may leave.
    stays: Vec<u64>,
    /// What has left, and at which move it may enter again.
    away: Vec<(u64, usize)>,
    /// The longest that anything may stay and be away.
    most: [u64; 2],
}

impl Memory {
    fn new(problem: &Problem<'_>, round: u64) -> Self {
        let open = problem.places.iter().filter(|place| **place == Place::Open).count();
        let (held, others) = (problem.most as u64, open.saturating_sub(problem.most) as u64);
        let most = [held / 4, others / 4];
        Self { round, now: 0, stays: vec![0; problem.n], away: Vec::new(), most }
    }

    /// The next move: what has been away for long may enter.
    fn next(&mut self, strip: &mut Strip<'_>) {
        self.now += 1;
        let now = self.now;
        self.away.retain(|&(until, asset)| {
            let over = until <= now;
            if over && !strip.holds(asset) {
                strip.open(asset);
            }
            !over
        });
    }

    fn moved(&mut self, strip: &mut Strip<'_>, leaving: usize, entering: usize) {
        let random = mixed(self.round << 32 | self.now);
        let stays = (AWAY / 2 + (random >> 32) % (AWAY / 2 + 1)).min(self.most[0]);
        let away = (AWAY + (random & 0xFFFF_FFFF) % AWAY).min(self.most[1]);
        self.stays[entering] = self.now + stays;
        if away > 0 && !strip.holds(leaving) {
            strip.bar(leaving);
            self.away.push((self.now + away, leaving));
        }
    }

    /// The holdings that a walk looks at.
    fn may_leave(&self, strip: &Strip<'_>) -> Vec<usize> {
        let mut holdings = strip.may_leave();
        holdings.retain(|&i| self.stays[i] <= self.now);
        let mut missed: Vec<_> = holdings.iter().map(|&i| (strip.missed(i), i)).collect();
        missed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        missed.truncate((missed.len() / PART).max(LEAST));
        missed.into_iter().map(|(_, i)| i).collect()
    }

    /// Keeps out of a strip what is away.
    fn tell(&self, strip: &mut Strip<'_>) {
        for &(_, asset) in &self.away {
            if !strip.holds(asset) {
                strip.bar(asset);
            }
        }
    }
}

impl Incumbent {
    /// The holdings where no exchange is foreseen to help, or none that is does, on the way down from others. None without
    /// a numerical answer.
    pub(super) fn exchange_down(
        &self,
        problem: &Problem<'_>,
        holdings: &[usize],
    ) -> Option<Vec<usize>> {
        let mut strip = Strip::takes(problem).then(|| Strip::of(problem, holdings)).flatten()?;
        strip.fill()?;
        loop {
            let (value, nothing) = (strip.half, strip.nothing());
            let holdings = strip.holdings.clone();
            let may_leave = strip.may_leave();
            let best = best_exchange(&mut strip, -nothing, may_leave);
            let Some((leaving, entering)) = best.filter(|_| !self.is_spent(problem)) else {
                return Some(holdings);
            };
            strip.exchange(leaving, entering)?;
            if strip.half > value - nothing {
                return Some(holdings);
            }
        }
    }

    /// The best holdings of a walk from others. None where it meets too many exchanges without a numerical answer.
    pub(super) fn walk(
        &self,
        problem: &Problem<'_>,
        round: u64,
        holdings: &[usize],
    ) -> Option<Vec<usize>> {
        let (mut strip, mut memory) = (Strip::of(problem, holdings)?, Memory::new(problem, round));
        let (mut least, mut best, mut failures) = (strip.half, holdings.to_vec(), 0);
        while memory.now < MOVES && !self.is_spent(problem) {
            memory.next(&mut strip);
            let may_leave = memory.may_leave(&strip);
            let exchange = best_exchange(&mut strip, f64::INFINITY, may_leave);
            let Some((leaving, entering)) = exchange else { continue };
            let done = strip.exchange(leaving, entering).is_some();
            if !done || memory.now.is_multiple_of(REFRESH) {
                failures += u32::from(!done);
                let from = if done { &strip.holdings } else { &best };
                strip = Strip::of(problem, from).filter(|_| failures <= FAILURES)?;
                memory.tell(&mut strip);
            }
            memory.moved(&mut strip, leaving, entering);
            if strip.half < least - strip.nothing() {
                (least, best) = (strip.half, strip.holdings.clone());
            }
        }
        Some(best)
    }
}

/// The exchange that is foreseen to change the objective least, if by less than a number: what leaves and what enters.
fn best_exchange(
    strip: &mut Strip<'_>,
    mut less: f64,
    may_leave: Vec<usize>,
) -> Option<(usize, usize)> {
    let mut best = None;
    for leaving in may_leave {
        if let Some(entry) = strip.entry_for(leaving, less) {
            (less, best) = (entry.change, Some((leaving, entry.asset)));
        }
    }
    best
}
