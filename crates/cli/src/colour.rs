//! Colour for those who look at a terminal; a pipe gets plain text.

use std::io::IsTerminal;

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";

/// Whether a stream has colour: a terminal has, unless `NO_COLOR` or `TERM=dumb` says otherwise;
/// `CLICOLOR_FORCE` gives it to all.
pub fn wanted(stream: &impl IsTerminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    set("CLICOLOR_FORCE") || (stream.is_terminal() && !dumb)
}

/// What is printed, in colour where standard output has it: the first line is a heading.
pub fn painted(text: &str) -> String {
    if !wanted(&std::io::stdout()) {
        return text.to_owned();
    }
    let line = |(at, line): (usize, &str)| match style(at, line) {
        Some(style) => format!("\u{1b}[{style}m{line}\u{1b}[0m"),
        None => line.to_owned(),
    };
    let lines: Vec<String> = text.split('\n').enumerate().map(line).collect();
    lines.join("\n")
}

/// The style of a line, by how it begins or ends.
fn style(at: usize, line: &str) -> Option<&'static str> {
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    if line.is_empty() {
        None
    } else if at == 0 {
        Some(BOLD)
    } else if begins(&["error", "ERROR", "WIPEOUT"]) || line.ends_with(" missed") {
        Some(RED)
    } else if begins(&["warning"]) {
        Some(YELLOW)
    } else if begins(&["note", "simulated prices"]) {
        Some(CYAN)
    } else if line.ends_with(" met") {
        Some(GREEN)
    } else {
        None
    }
}
