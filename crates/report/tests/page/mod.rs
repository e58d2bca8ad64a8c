//! Pages taken apart.

// Each file of tests takes the parts it needs; helpers outside of test functions unwrap too.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use serde_json::Value;

/// The page without the plotting library, which is not ours.
pub fn own(html: &str) -> String {
    let (before, rest) = html.split_once("<script type=\"text/plain\" id=\"plotting\">").unwrap();
    let (_, after) = rest.split_once("</script>").unwrap();
    format!("{before}{after}")
}

/// One section.
pub fn section<'a>(html: &'a str, id: &str) -> &'a str {
    let start = html.find(&format!("<section id=\"{id}\"")).expect(id);
    html[start..].split_once("</section>").unwrap().0
}

/// What the charts are drawn from.
pub fn data(html: &str) -> Value {
    let (_, rest) = html.split_once("id=\"data\">").unwrap();
    let letters = rest.split_once("</script>").unwrap().0.bytes().filter(|letter| *letter != b'=');
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = letters.map(value).collect();
    let bytes: Vec<u8> = letters.chunks(4).flat_map(three).collect();
    serde_json::from_reader(flate2::read::GzDecoder::new(&bytes[..])).unwrap()
}

/// Four letters of base64 are three bytes; fewer at the end are fewer.
fn three(letters: &[u8]) -> Vec<u8> {
    let bits = letters.iter().fold(0_u32, |bits, letter| bits << 6 | u32::from(*letter));
    let bits = bits << (6 * (4 - letters.len()));
    bits.to_be_bytes()[1..].iter().copied().take(letters.len() * 3 / 4).collect()
}
