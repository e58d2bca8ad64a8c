//! Names in addresses.

use std::fmt::Write;

/// A name as a part of an address: what is not a letter, a digit or one of `-._~` is escaped.
///
/// # Examples
/// ```
/// assert_eq!(walkfolio_report::served::encoded("a b/../ü"), "a%20b%2F..%2F%C3%BC");
/// ```
pub fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte));
            }
            byte => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}
