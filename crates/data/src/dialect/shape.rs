//! Where the table of a text begins, and what divides its cells.

use super::day::stamp;
use super::keys::Delimiter;
use super::names::{is_date_name, is_index};
use super::number::is_missing;

/// Lines above a table that are looked at.
const LONGEST_PREAMBLE: usize = 20;

/// The place of a table in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Lines above the header.
    pub(super) above: usize,
    /// The byte at which the header begins.
    pub(super) start: usize,
    pub(super) delimiter: Delimiter,
    /// Whether the lines above hold anything but comments.
    pub(super) preamble: bool,
}

impl Shape {
    /// Looks at the first lines alone.
    pub(super) fn of(text: &str, stated: Option<Delimiter>) -> Self {
        let mut stated = stated;
        let mut lines = Vec::new();
        let mut start = 0;
        for (above, line) in text.split_inclusive('\n').take(LONGEST_PREAMBLE + 2).enumerate() {
            let own = line.trim();
            if let Some(named) = separator_line(own).filter(|_| lines.is_empty()) {
                stated = stated.or(Some(named));
            } else if !own.is_empty() && (!is_comment(own) || is_numbered_header(own)) {
                lines.push((above, start, own));
            }
            start += line.len();
        }
        let (at, delimiter) = header(&lines, stated);
        let (above, start, _) = lines.get(at).copied().unwrap_or((0, 0, ""));
        Self { above, start, delimiter, preamble: at > 0 }
    }
}

/// The first line that has cells as the line below it has, and what divides them.
fn header(lines: &[(usize, usize, &str)], stated: Option<Delimiter>) -> (usize, Delimiter) {
    let Some((_, _, first)) = lines.first() else { return (0, Delimiter::Comma) };
    let cells = |line: &str| -> usize {
        Delimiter::ALL.iter().map(|own| count(line, *own)).max().unwrap_or(0)
    };
    // A title has no cells, and the header below it has.
    let titles = lines.iter().take_while(|(_, _, line)| cells(line) == 0).count();
    let at = if titles < lines.len() && cells(first) == 0 { titles } else { 0 };
    let at = named_below(lines, at).unwrap_or(at);
    let head = lines[at].2;
    let below = lines.get(at + 1).map_or(head, |(_, _, line)| *line);
    let fits = |own: &Delimiter| {
        let (head, below) = (count(head, *own), count(below, *own));
        head > 0 && below.abs_diff(head) <= 1
    };
    let best = Delimiter::ALL.into_iter().rev().filter(fits).max_by_key(|own| count(head, *own));
    (at, stated.or(best).unwrap_or(Delimiter::Comma))
}

/// The header below lines of keys and values, as terminals export them: it names a column of dates,
/// and the line below it begins with a date.
fn named_below(lines: &[(usize, usize, &str)], at: usize) -> Option<usize> {
    let first = |line: usize| -> Option<&str> {
        let cell = lines.get(line)?.2.split([',', ';', '\t', '|']).next()?;
        Some(cell.trim_matches(['"', ' ']))
    };
    if is_index(first(at)?) || names_date(lines[at].2) {
        return None;
    }
    let named = |line: &usize| {
        let others = lines[*line].2.split([',', ';', '\t', '|']).skip(1);
        is_date_name(first(*line).unwrap_or_default())
            && others.into_iter().any(|cell| !cell.trim().is_empty())
            && first(line + 1).is_some_and(|cell| stamp(cell).is_some())
    };
    let found = (at + 1..lines.len()).find(named)?;
    // As many cells in the line above: a header of two rows.
    let cells = |line: usize| lines[line].2.split([',', ';', '\t', '|']).count();
    (found > at + 1 || cells(found) != cells(at)).then_some(found)
}

/// Whether a cell of a line is the name of a column of dates.
fn names_date(line: &str) -> bool {
    line.split([',', ';', '\t', '|']).any(|cell| is_date_name(cell.trim_matches(['"', ' '])))
}

/// Whether a line is a header whose first column, of row numbers, is called `#`: no comment.
fn is_numbered_header(line: &str) -> bool {
    let first = line.split([',', ';', '\t', '|']).next().unwrap_or_default();
    first.trim_matches(['"', ' ']) == "#" && names_date(line)
}

/// How often a delimiter is in a line, outside quotes.
fn count(line: &str, delimiter: Delimiter) -> usize {
    let mut quoted = false;
    let mut found = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        found += usize::from(!quoted && byte == delimiter.byte());
    }
    found
}

/// Excel's `sep=;`.
fn separator_line(line: &str) -> Option<Delimiter> {
    let line = line.trim_matches('"');
    let sign = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    let own = |delimiter: &Delimiter| sign.as_bytes() == [delimiter.byte()];
    // A tab at the end of a line has been trimmed.
    Delimiter::ALL.into_iter().find(own).or(sign.is_empty().then_some(Delimiter::Tab))
}

/// Whether a line, or the first cell of a row, begins a comment.
pub(super) fn is_comment(text: &str) -> bool {
    text.starts_with('#') && !text.split([',', ';', '\t', '|']).next().is_some_and(is_missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> (usize, Delimiter) {
        let shape = Shape::of(text, None);
        assert!(
            text[shape.start..].starts_with(|c: char| c.is_alphanumeric() || "\",;\t#".contains(c))
        );
        (shape.above, shape.delimiter)
    }

    #[test]
    fn the_header_is_found_with_its_delimiter() {
        let cases = [
            ("date,SPY\n2024-01-02,1\n", (0, Delimiter::Comma)),
            ("Datum;AAA\n03.01.2023;20,5\n", (0, Delimiter::Semicolon)),
            ("Date\tAAA\tBBB\n2023-01-03\t1\t2\n", (0, Delimiter::Tab)),
            ("Date|AAA\n2023-01-03|1\n", (0, Delimiter::Bar)),
            ("sep=;\r\nDate;A\r\n2023-01-03;1\r\n", (1, Delimiter::Semicolon)),
            ("# made by hand\n\ndate,SPY\n2024-01-02,1\n", (2, Delimiter::Comma)),
            ("Prices of my broker\ndate,SPY\n2024-01-02,1\n", (1, Delimiter::Comma)),
            ("date,\"a;b;c\"\n2024-01-02,1\n", (0, Delimiter::Comma)),
            (",A,B\n2024-01-02,1,2\n", (0, Delimiter::Comma)),
            ("date;SPY\n", (0, Delimiter::Semicolon)),
            ("#,Date,SPY\n1,2024-01-02,1\n", (0, Delimiter::Comma)),
            ("# Date, and the price\ndate,SPY\n2024-01-02,1\n", (1, Delimiter::Comma)),
            (
                "Security;SPY US Equity\nPeriod;D\n\nDate;PX_LAST\n01/03/2023;380.82\n",
                (3, Delimiter::Semicolon),
            ),
            ("date\n2024-01-02\n", (0, Delimiter::Comma)),
            ("date,SPY\n", (0, Delimiter::Comma)),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(text), expected, "{text}");
        }
        assert_eq!(Shape::of("date,A\n1,2\n", Some(Delimiter::Tab)).delimiter, Delimiter::Tab);
    }
}
