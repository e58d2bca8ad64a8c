//! What a grid sweeps, in the words of a page.

use serde::Serialize;
use serde_json::Value;
use walkfolio_record::GridRun;
use walkfolio_study::Spec;
pub use walkfolio_study::Swept;

/// The look-backs of the two estimators: `S(c, m)`.
const LOOK_BACKS: [&str; 2] = ["estimate.covariance.window", "estimate.expected_returns.window"];

/// A swept key and its values in order of appearance.
///
/// # Examples
/// See [`Axes`].
#[derive(Debug, Serialize)]
pub struct Axis<'a> {
    /// The key.
    #[serde(skip)]
    pub key: &'a str,
    /// The key in a few letters.
    pub name: String,
    /// Whether all values are numbers.
    pub numeric: bool,
    /// The values in a few letters.
    pub values: Vec<String>,
    #[serde(skip)]
    all: Vec<&'a Value>,
}

/// The swept keys of a grid, and where its cells stand on them.
///
/// # Examples
/// ```
/// use std::fs::File;
/// use walkfolio_analysis::axes::Axes;
/// use walkfolio_record::GridRun;
///
/// let grid: GridRun = serde_json::from_reader(File::open("tests/example/grid.json")?)?;
/// let axes = Axes::of(&grid);
/// let names: Vec<&str> = axes.keys.iter().map(|axis| axis.name.as_str()).collect();
/// assert_eq!(names, ["max", "max holdings"]);
/// assert_eq!((axes.cell(1).as_str(), &axes.cells[1][..]), ("max 0.5, max holdings 2", &[0, 1][..]));
/// // The study itself states 1.0 and 2.
/// assert_eq!((axes.own(0), axes.own(1)), (Some(1), Some(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Axes<'a> {
    /// One for each key.
    pub keys: Vec<Axis<'a>>,
    /// By cell: the place of its value on each axis.
    pub cells: Vec<Vec<usize>>,
    resolved: &'a Spec,
}

impl<'a> Axes<'a> {
    /// The axes of a grid.
    pub fn of(grid: &'a GridRun) -> Self {
        let axes: Vec<Axis<'a>> = (0..grid.keys.len()).map(|place| axis(grid, place)).collect();
        let place = |(value, axis): (&Value, &Axis<'_>)| {
            axis.all.iter().position(|other| *other == value).unwrap_or(0)
        };
        let cells = grid.cells.iter();
        Self {
            cells: cells.map(|cell| cell.settings.iter().zip(&axes).map(place).collect()).collect(),
            keys: axes,
            resolved: &grid.manifest.resolved,
        }
    }

    /// The axes of a map: the look-backs if both are swept, else up to two numeric keys with the
    /// most values.
    pub fn of_map(&self) -> Vec<usize> {
        if let Some(both) = self.look_backs() {
            return both.to_vec();
        }
        let mut numeric: Vec<usize> =
            (0..self.keys.len()).filter(|&at| self.keys[at].numeric && self.swept(at)).collect();
        numeric.sort_by_key(|&at| std::cmp::Reverse(self.keys[at].values.len()));
        numeric.truncate(2);
        numeric
    }

    /// The axes of `c` and `m`, if both are swept.
    pub fn look_backs(&self) -> Option<[usize; 2]> {
        let at = |key| self.keys.iter().position(|axis| axis.key == key);
        let both = [at(LOOK_BACKS[0])?, at(LOOK_BACKS[1])?];
        both.iter().all(|&at| self.swept(at) && self.keys[at].numeric).then_some(both)
    }

    fn swept(&self, at: usize) -> bool {
        self.keys[at].values.len() > 1
    }

    /// Every setting of a cell in words.
    pub fn cell(&self, cell: usize) -> String {
        let estimator = self.estimator(cell);
        let others = (0..self.keys.len()).filter(|&at| !self.is_estimator(at));
        let parts = std::iter::once(estimator).chain(others.map(|at| self.part(cell, at)));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// How a cell estimates: `S(c, m)` and what else of its estimators is swept.
    pub fn estimator(&self, cell: usize) -> String {
        let both = self.look_backs();
        let mut parts: Vec<String> = Vec::new();
        if let Some([c, m]) = both {
            parts.push(format!("S({}, {})", self.value(cell, c), self.value(cell, m)));
        }
        let named = |at: &usize| both.is_some_and(|both| both.contains(at));
        let others = (0..self.keys.len()).filter(|at| self.is_estimator(*at) && !named(at));
        parts.extend(others.map(|at| self.part(cell, at)));
        parts.join(", ")
    }

    /// Some settings in words.
    pub fn slice(&self, slice: &[(usize, Value)]) -> String {
        let words = |(at, value): &(usize, Value)| {
            let axis = &self.keys[*at];
            let place = axis.all.iter().position(|other| *other == value);
            named(&axis.name, place.map_or("", |place| &axis.values[place]))
        };
        slice.iter().map(words).collect::<Vec<_>>().join(", ")
    }

    /// Whether a cell's estimators are those that the study itself states.
    pub fn is_own(&self, cell: usize) -> bool {
        let mut estimators = (0..self.keys.len()).filter(|&at| self.is_estimator(at));
        estimators.all(|at| self.own(at) == Some(self.cells[cell][at]))
    }

    /// The place of the study's own value on an axis.
    pub fn own(&self, at: usize) -> Option<usize> {
        let own = self.resolved.value(self.keys[at].key)?;
        let same = |value: &&Value| {
            own == **value || own.as_f64().is_some_and(|own| value.as_f64() == Some(own))
        };
        self.keys[at].all.iter().position(same)
    }

    fn is_estimator(&self, at: usize) -> bool {
        self.keys[at].key.starts_with("estimate.")
    }

    fn value(&self, cell: usize, at: usize) -> &str {
        &self.keys[at].values[self.cells[cell][at]]
    }

    fn part(&self, cell: usize, at: usize) -> String {
        named(&self.keys[at].name, self.value(cell, at))
    }
}

fn axis(grid: &GridRun, place: usize) -> Axis<'_> {
    let mut all: Vec<&Value> = Vec::new();
    for value in grid.cells.iter().filter_map(|cell| cell.settings.get(place)) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    let key = &grid.keys[place];
    let own = short(key);
    let alone = grid.keys.iter().filter(|other| short(other) == own).count() == 1;
    Axis {
        key,
        name: if alone { own } else { key.clone() },
        numeric: Swept::of(all.iter().copied()) != Swept::Texts,
        values: all.iter().map(|value| Swept::label(value, &all)).collect(),
        all,
    }
}

/// A key in a few letters: its last part, or the last two where that says nothing alone.
fn short(key: &str) -> String {
    let mut parts = key.rsplit('.');
    let last = parts.next().unwrap_or(key);
    match (last, parts.next()) {
        ("window", Some(parent)) => format!("{parent} window"),
        ("kind", Some(parent)) => format!("{parent} kind"),
        _ => last.to_owned(),
    }
    .replace('_', " ")
}

/// A name before its value, unless the value is a table's and names itself.
fn named(name: &str, value: &str) -> String {
    format!("{name} {value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_what_tells_it_from_others() {
        assert_eq!(short("estimate.covariance.window"), "covariance window");
        assert_eq!(short("allocate.objective.lambda"), "lambda");
        assert_eq!(short("allocate.max_holdings"), "max holdings");
        assert_eq!(short("lambda"), "lambda");
    }
}
