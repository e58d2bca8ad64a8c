use walkfolio_core::{Covariance, Interrupt, Matrix};

use super::find;
use crate::{Error, Mandate, MinimumVariance};

/// Interrupted at each look of the search, it ends there, and says so.
#[test]
fn a_search_hears_the_flag_at_every_program() {
    let covariance =
        Covariance::dense(Matrix::from_rows(2, 2, vec![0.04, 0.0, 0.0, 0.01])).unwrap();
    let mandate = Mandate::long_only(MinimumVariance::new(covariance).unwrap(), 0.4).unwrap();
    let never = Interrupt::after(u64::MAX);
    let conflict = find(mandate.constraints(), &never).unwrap();
    assert_eq!(conflict.members.len(), 2);
    assert!(never.looks() > 5, "{}", never.looks());
    for looks in 0..never.looks() {
        let found = find(mandate.constraints(), &Interrupt::after(looks));
        assert!(matches!(found, Err(Error::Interrupted)), "after {looks}: {found:?}");
    }
}
