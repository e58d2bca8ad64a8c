//! Values of which some are missing, in 8 bytes and a bit each.

/// Values of which some are missing, such as the closes of a ticker, in 8 bytes and a bit each.
///
/// # Examples
/// ```
/// use walkfolio_data::Values;
///
/// let closes: Values = [Some(10.0), None, Some(11.0)].into_iter().collect();
/// assert_eq!((closes.get(1), closes.get(2), closes.len()), (None, Some(11.0), 3));
/// assert_eq!(closes.iter().flatten().sum::<f64>(), 21.0);
/// ```
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Values {
    /// 0 where there is none.
    values: Vec<f64>,
    /// A bit for each value: whether there is one.
    known: Vec<u64>,
}

impl Values {
    /// A column without values, with room for some.
    pub(crate) fn with_capacity(rows: usize) -> Self {
        let known = Vec::with_capacity(rows.div_ceil(64));
        Self { values: Vec::with_capacity(rows), known }
    }

    /// How many there are, the missing ones with them.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none, not even missing ones.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn reverse(&mut self) {
        *self = (0..self.len()).rev().map(|row| self.get(row)).collect();
    }

    pub(crate) fn push(&mut self, value: Option<f64>) {
        let row = self.values.len();
        if row.is_multiple_of(64) {
            self.known.push(0);
        }
        self.known[row / 64] |= u64::from(value.is_some()) << (row % 64);
        self.values.push(value.unwrap_or_default());
    }

    /// The value of a row; none beyond the last.
    pub fn get(&self, row: usize) -> Option<f64> {
        let known = self.known.get(row / 64)? >> (row % 64) & 1 == 1;
        known.then(|| self.values[row])
    }

    /// One after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<f64>> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The rows that have a flag.
    pub(crate) fn kept(&self, keep: &[bool]) -> Self {
        let rows = self.iter().zip(keep).filter(|(_, keep)| **keep);
        rows.map(|(value, _)| value).collect()
    }
}

impl Extend<Option<f64>> for Values {
    fn extend<I: IntoIterator<Item = Option<f64>>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl FromIterator<Option<f64>> for Values {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Self {
        let values = values.into_iter();
        let mut cells = Self::with_capacity(values.size_hint().0);
        cells.extend(values);
        cells
    }
}

impl<const N: usize> PartialEq<[Option<f64>; N]> for Values {
    fn eq(&self, other: &[Option<f64>; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

#[cfg(test)]
impl PartialEq<Vec<Option<f64>>> for Values {
    fn eq(&self, other: &Vec<Option<f64>>) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_there_or_not_whatever_it_is() {
        let values: Vec<Option<f64>> =
            (0..150_u8).map(|row| (row % 3 > 0).then(|| f64::from(row) - 1.0)).collect();
        let cells: Values = values.iter().copied().collect();
        assert_eq!(cells.iter().collect::<Vec<_>>(), values);
        // Row 1 holds a zero, row 0 nothing.
        assert_eq!((cells.get(1), cells.get(0), cells.get(150)), (Some(0.0), None, None));
        let keep: Vec<bool> = (0..150).map(|row| row >= 70).collect();
        assert_eq!(cells.kept(&keep).iter().collect::<Vec<_>>(), values[70..]);
    }
}
