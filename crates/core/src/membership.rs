//! When assets belong to an index.

use crate::{Date, Error, Result, Universe};

/// A stay in an index, its first and last day included.
/// # Examples
/// See [`Membership`]:
/// ```
/// use walkfolio_core::{Date, Membership, Spell, Universe};
///
/// let spell = Spell { first: Date::constant(2024, 5, 6), last: None };
/// let members = Membership::new(&Universe::new(["AMD"])?, vec![vec![spell]])?;
/// assert_eq!(members.spells(0), [spell]);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The first day.
    pub first: Date,
    /// The last day; `None` while it lasts.
    pub last: Option<Date>,
}

impl Spell {
    fn covers(&self, date: Date) -> bool {
        self.first <= date && self.last.is_none_or(|last| date <= last)
    }
}

/// The members of an index on each day.
///
/// An asset may enter, leave and enter again. Only members may be bought; what leaves the index
/// while it is held is sold at the next decision.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Membership, Spell, Universe};
///
/// let spell = Spell { first: Date::constant(2024, 1, 2), last: Some(Date::constant(2024, 3, 28)) };
/// let members = Membership::new(&Universe::new(["AMD"])?, vec![vec![spell]])?;
/// assert!(members.is_member(0, Date::constant(2024, 3, 28)));
/// assert!(!members.is_member(0, Date::constant(2024, 4, 1)));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// By universe index, in order of their first days.
    pub(crate) spells: Vec<Vec<Spell>>,
}

impl Membership {
    /// Checks spells by universe index; they may come in any order.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is an entry for each asset, [`Error::BadSpell`] if a spell ends before it begins, or begins before the one before it of
    /// the same asset has ended.
    pub fn new(universe: &Universe, mut spells: Vec<Vec<Spell>>) -> Result<Self> {
        let (expected, found) = (universe.len(), spells.len());
        if expected != found {
            let what = "the membership of the index".to_owned();
            return Err(Error::Shape { what, unit: "assets", expected, found });
        }
        for (asset, own) in universe.tickers().iter().zip(&mut spells) {
            own.sort_by_key(|spell| spell.first);
            let bad = |date, rule| Error::BadSpell { asset: asset.clone(), date, rule };
            if let Some(spell) = own.iter().find(|spell| !spell.covers(spell.first)) {
                return Err(bad(spell.first, "it ends before it begins"));
            }
            if let Some(pair) = own.windows(2).find(|pair| pair[0].covers(pair[1].first)) {
                return Err(bad(pair[1].first, "it begins before the one before it has ended"));
            }
        }
        Ok(Self { spells })
    }

    /// Whether an asset is a member on a day.
    pub fn is_member(&self, asset: usize, date: Date) -> bool {
        self.spells.get(asset).is_some_and(|own| own.iter().any(|spell| spell.covers(date)))
    }

    /// The stays of an asset, in order.
    pub fn spells(&self, asset: usize) -> &[Spell] {
        self.spells.get(asset).map_or(&[], Vec::as_slice)
    }

    /// Forgets what happens after a day: later entries never come, running stays end with it.
    pub(crate) fn falsify_after(&mut self, known: Option<Date>) {
        for own in &mut self.spells {
            own.retain(|spell| known.is_some_and(|known| spell.first <= known));
            for spell in own {
                if spell.last.is_none_or(|last| Some(last) > known) {
                    spell.last = known;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2024, 5, day)
    }

    fn universe() -> Universe {
        Universe::new(["AMD", "XLE"]).unwrap()
    }

    fn spell(first: i8, last: Option<i8>) -> Spell {
        Spell { first: day(first), last: last.map(day) }
    }

    #[test]
    fn a_member_may_leave_and_come_back() {
        let spells = vec![vec![spell(20, None), spell(6, Some(8))], vec![]];
        let members = Membership::new(&universe(), spells).unwrap();
        let on = [5, 6, 8, 9, 19, 20, 31].map(|on| members.is_member(0, day(on)));
        assert_eq!(on, [false, true, true, false, false, true, true]);
        assert!(!members.is_member(1, day(20)) && !members.is_member(2, day(20)));
    }

    #[test]
    fn spells_that_contradict_each_other_are_refused() {
        let backwards =
            Membership::new(&universe(), vec![vec![], vec![spell(8, Some(6))]]).unwrap_err();
        assert_eq!(
            backwards.to_string(),
            "the membership of XLE from 2024-05-08 is not valid: it ends before it begins"
        );
        for first in [spell(6, Some(8)), spell(6, None)] {
            let spells = vec![vec![first, spell(8, None)], vec![]];
            assert!(Membership::new(&universe(), spells).is_err());
        }
    }

    #[test]
    fn what_comes_later_is_forgotten() {
        let spells = vec![vec![spell(6, Some(8)), spell(20, None)], vec![spell(22, None)]];
        let mut members = Membership::new(&universe(), spells).unwrap();
        members.falsify_after(Some(day(21)));
        assert_eq!(members.spells(0), [spell(6, Some(8)), spell(20, Some(21))]);
        assert_eq!(members.spells(1), []);
    }
}
