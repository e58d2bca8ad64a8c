//! What each kind of decision added to the active return.

use std::ops::Range;

use walkfolio_backtest::Held;
use walkfolio_core::{Note, Row};
use walkfolio_record::{Effect, EffectRow};
use walkfolio_stats::attribution::brinson::{self, Group};
use walkfolio_stats::attribution::carino;
use walkfolio_study::InteractionSpec;

use super::groups::Groups;
use super::reference::Reference;
use super::taken::{Span, Taken, rounded};
use crate::Result;

/// A net weight below this is nothing.
const NOTHING: f64 = 1e-9;

/// The effects of every period; empty without a benchmark or a portfolio that stands for it.
///
/// On a session the active return is `[w'r - q'r] + (w_d - w)'r + (net - gross) + (q'r - r_B)`, `w` the weights of
/// the decision, `w_d` those at the open, `q` those of the reference: the first part by Brinson and
/// Fachler, then drift, costs and the reference's own difference. Allocation is split into the mean active
/// weight of the period, and what the weights' changes add to it: timing.
pub(super) fn rows(taken: &Taken<'_>, notes: &mut Vec<Note>) -> Result<Vec<EffectRow>> {
    if taken.market.benchmark().is_none() {
        return Ok(Vec::new());
    }
    let groups = Groups::of(taken)?;
    let Some(reference) = Reference::of(taken, notes)? else { return Ok(Vec::new()) };
    let mut sums: Vec<Sums> =
        taken.spans.iter().map(|span| Sums::new(span, groups.names.len())).collect();
    let mut session = Session::new(taken, &groups);
    taken.simulation.for_each_session(taken.market, taken.drift, |held| {
        let Some(benchmark) = taken.benchmark(held.row) else { return };
        session.fill(&held, &reference, benchmark);
        let factor = carino::factor(session.net, benchmark);
        for sum in sums.iter_mut().filter(|sum| sum.rows.contains(&held.row)) {
            sum.add(&session, (benchmark, factor));
        }
    });
    Ok(sums.iter().flat_map(|sum| sum.rows(&groups, taken.periods_per_year)).collect())
}

/// One group on one session.
#[derive(Clone, Default)]
struct OfGroup {
    weight: f64,
    reference_weight: f64,
    /// The reference's return of the group above that of the whole reference.
    excess: f64,
    allocation: f64,
    selection: f64,
    interaction: f64,
    drift: f64,
}

/// One session.
struct Session<'a> {
    taken: &'a Taken<'a>,
    assets: &'a Groups,
    reference: Vec<f64>,
    members: Vec<Members>,
    groups: Vec<OfGroup>,
    net: f64,
    /// Costs, the reference's difference, and the rest, in the order of [`WHOLE`].
    whole: [f64; 3],
}

/// Effects of the whole portfolio.
const WHOLE: [Effect; 3] = [Effect::Cost, Effect::Reference, Effect::Other];

/// Sums over the assets of a group on a session.
#[derive(Clone, Default)]
struct Members {
    weight: f64,
    earned: f64,
    drift: f64,
    reference_weight: f64,
    reference_earned: f64,
    returns: f64,
    listed: usize,
    has_short: bool,
}

impl Members {
    /// What the reference's part of the group earned; that of equal weights where it holds nothing.
    fn reference_return(&self, single: bool) -> f64 {
        if self.reference_weight > 0.0 && !single {
            self.reference_earned / self.reference_weight
        } else {
            self.returns / self.listed.max(1) as f64
        }
    }

    /// The group for the formula. What a group with short positions earned has no return of its own, nor
    /// has a group of one asset a selection: both are left out there.
    fn group(&self, single: bool) -> Group {
        let has_return = self.weight > 0.0 && !self.has_short && !single;
        Group {
            portfolio_weight: self.weight,
            benchmark_weight: self.reference_weight,
            portfolio_return: has_return.then(|| self.earned / self.weight),
            benchmark_return: Some(self.reference_return(single)),
        }
    }
}

impl<'a> Session<'a> {
    fn new(taken: &'a Taken<'a>, assets: &'a Groups) -> Self {
        let groups = assets.names.len();
        Self {
            taken,
            assets,
            reference: vec![0.0; assets.of.len()],
            members: vec![Members::default(); groups],
            groups: vec![OfGroup::default(); groups],
            net: 0.0,
            whole: [0.0; 3],
        }
    }

    fn fill(&mut self, held: &Held<'_>, reference: &Reference, benchmark: f64) {
        reference.at(self.taken.market, held.row, &mut self.reference);
        let earned = self.sum_members(held);
        let last = self.members.len() - 1;
        let single = |at: usize| at < last && self.assets.sizes[at] == 1;
        let members = self.members.iter().enumerate();
        let groups: Vec<Group> = members.map(|(at, one)| one.group(single(at))).collect();
        let own: f64 = self.members.iter().map(|one| one.reference_earned).sum();
        let separate = self.taken.spec.interaction == InteractionSpec::Separate;
        for (at, effects) in brinson::effects(&groups).into_iter().enumerate() {
            let (one, returned) =
                (&self.members[at], self.members[at].reference_return(single(at)));
            let (selection, interaction) = if one.has_short && !single(at) {
                (one.earned - one.weight * returned, 0.0)
            } else if separate {
                (effects.selection, effects.interaction)
            } else {
                (effects.selection + effects.interaction, 0.0)
            };
            self.groups[at] = OfGroup {
                weight: one.weight,
                reference_weight: one.reference_weight,
                excess: returned - own,
                allocation: effects.allocation,
                selection,
                interaction,
                drift: one.drift,
            };
        }
        let (gross, net) = self.taken.earned(held.row);
        self.net = net;
        self.whole = [net - gross, rounded(own - benchmark), rounded(gross - earned)];
    }

    /// Adds up the groups' assets; gives back what the holdings earned.
    fn sum_members(&mut self, held: &Held<'_>) -> f64 {
        let market = self.taken.market;
        let returns = market.returns().row_or_zero(held.row);
        self.members.fill(Members::default());
        let (mut earned, mut invested, mut other) = (0.0, 0.0, 0.0);
        for (asset, value) in returns.iter().enumerate() {
            let one = &mut self.members[self.assets.of[asset]];
            let (target, weight, own) =
                (held.target[asset], held.weights[asset], self.reference[asset]);
            one.weight += target;
            one.earned += target * value;
            one.drift += (weight - target) * value;
            one.reference_weight += own;
            one.reference_earned += own * value;
            one.has_short |= target < 0.0;
            if market.returns().value(held.row, asset).is_some() || target != 0.0 {
                one.returns += value;
                one.listed += 1;
            }
            earned += weight * value;
            invested += target;
            other += own;
        }
        let rest = |sum: f64| if (1.0 - sum).abs() < NOTHING { 0.0 } else { 1.0 - sum };
        if let Some(uninvested) = self.members.last_mut() {
            uninvested.weight = rest(invested);
            uninvested.reference_weight = rest(other);
        }
        earned
    }
}

/// A sum of one effect: of its values, and of these times Carino's factor.
#[derive(Clone, Copy, Default)]
struct Linked {
    plain: f64,
    linked: f64,
}

impl Linked {
    fn add(&mut self, value: f64, factor: f64) {
        self.plain += value;
        self.linked += value * factor;
    }

    fn times(self, factor: f64) -> Self {
        Self { plain: factor * self.plain, linked: factor * self.linked }
    }

    fn less(self, other: Self) -> Self {
        Self { plain: self.plain - other.plain, linked: self.linked - other.linked }
    }
}

/// The sums of a group over a period.
#[derive(Clone, Default)]
struct SumsOfGroup {
    weight: f64,
    reference_weight: f64,
    excess: Linked,
    allocation: Linked,
    selection: Linked,
    interaction: Linked,
    drift: Linked,
}

/// The sums of a period.
struct Sums {
    name: String,
    rows: Range<Row>,
    count: f64,
    grown: (f64, f64),
    /// None once a session's returns have no logarithm.
    is_linked: bool,
    groups: Vec<SumsOfGroup>,
    whole: [Linked; 3],
}

impl Sums {
    fn new(span: &Span, groups: usize) -> Self {
        Self {
            name: span.name.clone(),
            rows: span.rows.clone(),
            count: 0.0,
            grown: (1.0, 1.0),
            is_linked: true,
            groups: vec![SumsOfGroup::default(); groups],
            whole: [Linked::default(); 3],
        }
    }

    fn add(&mut self, session: &Session<'_>, (benchmark, factor): (f64, Option<f64>)) {
        self.count += 1.0;
        self.grown.0 *= 1.0 + session.net;
        self.grown.1 *= 1.0 + benchmark;
        self.is_linked &= factor.is_some();
        let factor = factor.unwrap_or(0.0);
        for (sum, one) in self.groups.iter_mut().zip(&session.groups) {
            sum.weight += one.weight;
            sum.reference_weight += one.reference_weight;
            sum.excess.add(one.excess, factor);
            sum.allocation.add(one.allocation, factor);
            sum.selection.add(one.selection, factor);
            sum.interaction.add(one.interaction, factor);
            sum.drift.add(one.drift, factor);
        }
        for (sum, value) in self.whole.iter_mut().zip(session.whole) {
            sum.add(value, factor);
        }
    }

    fn rows(&self, groups: &Groups, year: f64) -> Vec<EffectRow> {
        if self.count == 0.0 {
            return Vec::new();
        }
        let whole = carino::factor_of_values(self.grown.0, self.grown.1);
        let whole = whole.filter(|_| self.is_linked);
        let row = |effect: Effect, sum: Linked| EffectRow {
            period: self.name.clone(),
            effect,
            group: None,
            portfolio_weight: None,
            reference_weight: None,
            annual: sum.plain / self.count * year,
            linked: whole.map(|whole| sum.linked / whole),
        };
        let mut rows = Vec::new();
        for (name, group) in groups.names.iter().zip(&self.groups) {
            let (own, other) = (group.weight / self.count, group.reference_weight / self.count);
            let of_group = |(effect, sum): (Effect, Linked)| EffectRow {
                group: Some(name.clone()),
                portfolio_weight: Some(own),
                reference_weight: Some(other),
                ..row(effect, sum)
            };
            rows.extend(group.effects(own - other).into_iter().map(of_group));
        }
        let others = WHOLE.into_iter().zip(self.whole);
        rows.extend(others.filter(|(_, sum)| sum.plain != 0.0).map(|(what, sum)| row(what, sum)));
        rows
    }
}

impl SumsOfGroup {
    /// Its effects that are not 0; `active` is its mean active weight.
    fn effects(&self, active: f64) -> Vec<(Effect, Linked)> {
        let mean = self.excess.times(active);
        let all = [
            (Effect::Allocation, mean),
            (Effect::Timing, self.allocation.less(mean)),
            (Effect::Selection, self.selection),
            (Effect::Interaction, self.interaction),
            (Effect::Drift, self.drift),
        ];
        all.into_iter().filter(|(_, sum)| sum.plain != 0.0).collect()
    }
}
