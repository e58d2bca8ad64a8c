//! Trees.
fn main() {}
