//! A data report as people read it: the worst first.

use walkfolio::analysis::format::{count, counted};
use walkfolio::quality::{Coverage, DataReport, Finding, Severity};

use crate::layout::{Side, lines};

/// Findings of one kind and severity that are shown without `--all`.
const SHOWN: usize = 5;
/// Assets of the coverage that are shown without `--all`.
const SHOWN_ASSETS: usize = 15;

/// The report in lines of at most so many columns.
pub fn text(report: &DataReport, all: bool, width: usize) -> String {
    let mut parts = vec![heading(report)];
    for group in report.findings.chunk_by(alike) {
        parts.push(findings(group, all, width));
    }
    if !report.notes.is_empty() {
        let note = |note: &String| wrapped(note, "  ", "    ", width);
        let notes: Vec<String> = report.notes.iter().map(note).collect();
        parts.push(format!("How it was read\n{}", notes.join("\n")));
    }
    parts.push(coverage(report, all));
    parts.join("\n\n")
}

fn alike(a: &Finding, b: &Finding) -> bool {
    (a.kind, a.severity) == (b.kind, b.severity)
}

fn heading(report: &DataReport) -> String {
    let range = report.range.map_or(String::new(), |(first, last)| format!(", {first} to {last}"));
    let counts = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| counted(report.count(severity), severity.as_str()));
    let found =
        if report.findings.is_empty() { "nothing to report".to_owned() } else { counts.join(", ") };
    format!(
        "{}: {}, {}{range}\n{found}",
        report.name,
        counted(report.rows, "row"),
        counted(report.coverage.len(), "asset")
    )
}

fn findings(group: &[Finding], all: bool, width: usize) -> String {
    let Some(first) = group.first() else { return String::new() };
    let title = first.kind.as_str().replace('_', " ");
    let shown = if all { group.len() } else { SHOWN.min(group.len()) };
    let mut lines = vec![format!("{} {title}", counted(group.len(), first.severity.as_str()))];
    lines.extend(group[..shown].iter().map(|own| wrapped(&own.message, "  ", "    ", width)));
    if shown < group.len() {
        lines.push(format!("  and {} more (--all)", group.len() - shown));
    }
    lines.push(wrapped(&walkfolio::finding_hint(first), "  hint: ", "        ", width));
    lines.join("\n")
}

fn wrapped(text: &str, first: &str, rest: &str, width: usize) -> String {
    let options = textwrap::Options::new(width.max(20))
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// The assets, those with the most missing prices and the shortest history first.
fn coverage(report: &DataReport, all: bool) -> String {
    let mut assets: Vec<&Coverage> = report.coverage.iter().collect();
    assets.sort_by_key(|asset| (std::cmp::Reverse(asset.missing), asset.prices));
    let shown = if all { assets.len() } else { SHOWN_ASSETS.min(assets.len()) };
    let header = ["Coverage", "first", "last", "prices", "missing"].map(str::to_owned).to_vec();
    let row = |asset: &&Coverage| {
        let date = |date: Option<String>| date.unwrap_or_else(|| "–".to_owned());
        let (first, last) = asset.range.unzip();
        vec![
            asset.asset.to_string(),
            date(first.map(|date| date.to_string())),
            date(last.map(|date| date.to_string())),
            count(asset.prices as f64),
            count(asset.missing as f64),
        ]
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(header).chain(assets[..shown].iter().map(row)).collect();
    let mut table = lines(&rows, &[Side::Left, Side::Right]);
    if shown < assets.len() {
        table.push(format!("and {} more (--all)", assets.len() - shown));
    }
    table.join("\n")
}
