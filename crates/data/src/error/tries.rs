//! How often a vendor was asked, in words.

/// `1 try`, `3 tries`.
pub(super) fn tries_made(tries: u32) -> String {
    if tries == 1 { "1 try".to_owned() } else { format!("{tries} tries") }
}
