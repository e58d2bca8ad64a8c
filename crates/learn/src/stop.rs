//! What ends a fit between two of its trees.

use std::fmt;
use std::sync::Arc;

use crate::{Error, Result};

/// What ends a fit between two of its trees, with [`Error::Stopped`]; by default nothing.
///
/// # Examples
/// ```
/// use walkfolio_learn::{BuiltIn, Error, Parameters, Stop, Table, Trainer};
///
/// let mut table = Table::new(vec!["momentum".into()]);
/// for i in 0..40 {
///     table.push(&[Some(f64::from(i))])?;
/// }
/// let labels: Vec<bool> = (0..40).map(|i| i >= 20).collect();
/// let trainer = BuiltIn.until(Stop::when(|| true));
/// assert_eq!(trainer.fit(&table, &labels, &Parameters::default()).err(), Some(Error::Stopped));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Stop(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Stop {
    /// Ends a fit once this says so.
    pub fn when(says: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(says)))
    }

    pub(crate) fn check(&self) -> Result<()> {
        if self.0.as_ref().is_some_and(|says| says()) { Err(Error::Stopped) } else { Ok(()) }
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.0.is_some()).finish()
    }
}
