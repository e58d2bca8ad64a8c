//! How many threads compute.

use crate::failure::Failure;

/// Uses so many threads from here on; all cores without a number.
pub fn use_threads(threads: Option<usize>) -> Result<(), Failure> {
    let Some(threads) = threads else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(|error| Failure::plain(format!("cannot start {threads} threads: {error}"), None))
}
