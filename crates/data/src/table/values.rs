//! Values of which some are missing, in 8 bytes and a bit each.

/// A column of a table.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Values {
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

    pub(crate) fn len(&self) -> usize {
        self.values.len()
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
    pub(crate) fn get(&self, row: usize) -> Option<f64> {
        let known = self.known.get(row / 64)? >> (row % 64) & 1 == 1;
        known.then(|| self.values[row])
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Option<f64>> + '_ {
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
