//! Bytes as text.

use std::fmt::Write;

/// Bytes in hexadecimal digits.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_core::hex(&[0, 171]), "00ab");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
