//! A flag that ends work in the middle.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A flag that ends work in the middle: raised once, it stays raised. Clones are the same flag.
///
/// Long loops look at it once a step (a pivot, a node, an iteration, a tree) and give up when it is
/// raised. What was being made under a raised flag is thrown away, so that a result never depends on
/// when the flag was raised. [`Interrupt::default`] is never raised.
///
/// # Examples
/// ```
/// use walkfolio_core::Interrupt;
///
/// let interrupt = Interrupt::new();
/// let heard = interrupt.clone();
/// assert!(!heard.is_raised());
/// interrupt.raise();
/// assert!(heard.is_raised());
/// ```
#[derive(Clone, Default)]
pub struct Interrupt(Option<Arc<Flag>>);

#[derive(Default)]
struct Flag {
    raised: AtomicBool,
    /// How often it may be looked at before it raises itself, and how often it was.
    looks: Option<(u64, AtomicU64)>,
}

impl Interrupt {
    /// One that can be raised.
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// One that raises itself once it has been looked at so often: an interruption at the same place in
    /// every run, for tests.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::Interrupt;
    ///
    /// let interrupt = Interrupt::after(2);
    /// assert_eq!([(); 4].map(|()| interrupt.is_raised()), [false, false, true, true]);
    /// assert_eq!(interrupt.looks(), 4);
    /// ```
    pub fn after(looks: u64) -> Self {
        let looks = Some((looks, AtomicU64::new(0)));
        Self(Some(Arc::new(Flag { raised: AtomicBool::new(false), looks })))
    }

    /// Raises it.
    pub fn raise(&self) {
        if let Some(flag) = &self.0 {
            flag.raised.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it is raised.
    pub fn is_raised(&self) -> bool {
        let Some(flag) = &self.0 else { return false };
        if let Some((most, looks)) = &flag.looks
            && looks.fetch_add(1, Ordering::Relaxed) >= *most
        {
            self.raise();
        }
        flag.raised.load(Ordering::Relaxed)
    }

    /// How often one made by [`Interrupt::after`] has been looked at; 0 of others, which do not count.
    pub fn looks(&self) -> u64 {
        let looks = self.0.as_ref().and_then(|flag| flag.looks.as_ref());
        looks.map_or(0, |(_, looks)| looks.load(Ordering::Relaxed))
    }
}

impl PartialEq for Interrupt {
    /// Whether they are the same flag.
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let raised = self.0.as_ref().is_some_and(|flag| flag.raised.load(Ordering::Relaxed));
        f.debug_tuple("Interrupt").field(&raised).finish()
    }
}
