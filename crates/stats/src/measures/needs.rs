//! Which series a measure is taken from.

/// The series that a measure is taken from, next to the portfolio's returns.
///
/// A measure is taken over the sessions that its series covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The returns or trades of the portfolio alone: every session.
    Nothing,
    /// The risk-free rate; where there is no such series it is 0 on every session.
    Cash,
    /// The benchmark.
    Benchmark,
    /// The return of the market above the risk-free rate, and the latter.
    Market,
}
