//! What the method needs of a factorization.
//!
//! Some indices are *swept*: free variables and active rows. For a vector of knowns (the right-hand
//! side on swept indices, the value of `u` on the others) the basis gives the unknowns: `u` on
//! swept indices, `K u` on the others.

use super::kkt::Kkt;

pub(super) trait Basis: Clone {
    /// Whether many changes of the active set at once cost less than one after the other.
    const EXCHANGES_BLOCKS: bool = false;

    /// A basis for programs of a size, nothing swept.
    fn new(size: usize) -> Self;

    /// Sweeps exactly the given indices, in an order that depends on matrix and set alone. `false`
    /// if the matrix is singular on them.
    fn factor(&mut self, kkt: &Kkt, swept: &[bool]) -> bool;

    /// The unknowns that belong to some knowns.
    fn unknowns(&self, kkt: &Kkt, knowns: &[f64], out: &mut [f64]);

    /// As [`Basis::unknowns`], for knowns of swept indices alone; what belongs to others is of no use.
    fn swept_unknowns(&self, kkt: &Kkt, knowns: &[f64], out: &mut [f64]) {
        self.unknowns(kkt, knowns, out);
    }

    /// How the unknowns answer to one known.
    fn column(&self, kkt: &Kkt, index: usize, out: &mut [f64]);

    /// Sweeps an index, or takes it back. `false` if that is not possible.
    fn pivot(&mut self, kkt: &Kkt, index: usize) -> bool;

    /// Takes over what another basis of the same size holds; allocates nothing if it can.
    fn copy_from(&mut self, other: &Self);

    /// Both at once, where neither is possible alone.
    fn exchange(&mut self, kkt: &Kkt, one: usize, other: usize) -> bool;
}
