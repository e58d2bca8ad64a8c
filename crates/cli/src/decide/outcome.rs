//! How a decision ends.

use walkfolio::to_folder::Reason;

use crate::failure::Failure;

/// Nothing is to be done.
pub const NOTHING: u8 = 3;

/// An error of the library as a failure.
pub fn failure(reason: Reason) -> Failure {
    match reason {
        Reason::Run(error) => Failure::from(error),
        other => Failure::plain(other.to_string(), other.hint()),
    }
}
