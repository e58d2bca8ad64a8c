//! A page of the book: its blocks of code, and what running them shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::{repository, text};

/// A fenced block of a page.
pub struct Block {
    /// The first word behind the fence.
    pub language: String,
    /// The line of the page on which its text begins.
    pub line: usize,
    pub lines: Vec<String>,
}

/// A page with its blocks in order.
pub struct Page {
    pub path: PathBuf,
    pub text: String,
    pub blocks: Vec<Block>,
}

impl Page {
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let blocks = blocks(&text);
        Self { path: path.to_owned(), text, blocks }
    }

    /// The page's name below the repository, with a line of it.
    fn place(&self, line: usize) -> String {
        let name = self.path.strip_prefix(repository()).unwrap_or(&self.path);
        format!("{}:{line}", name.display())
    }

    /// Writes the files of the page and runs its commands, in order, in a folder of their own.
    ///
    /// Returns how many commands were run, and what did not go as the page says. Without data it
    /// ends at the first command that needs them, as later ones may read what that one writes.
    pub fn run(&self, data: Option<&Path>) -> (usize, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        copy_studies(folder.path());
        let (mut run, mut faults) = (0, Vec::new());
        for block in &self.blocks {
            let steps = match block.language.as_str() {
                "toml" | "csv" => self.write(block, folder.path()).map(|()| Vec::new()),
                "console" => self.steps(block),
                _ => Ok(Vec::new()),
            };
            let steps = steps.unwrap_or_else(|fault| {
                faults.push(fault);
                Vec::new()
            });
            for step in steps {
                if step.command.contains("$WALKFOLIO_DATA") && data.is_none() {
                    println!("skipped: real data not found, from {} on", step.place);
                    return (run, faults);
                }
                faults.extend(step.run(folder.path(), data).err());
                run += 1;
            }
        }
        (run, faults)
    }

    /// A block whose first line is `# file: NAME` is that file; `# add to: NAME` goes at its end.
    fn write(&self, block: &Block, folder: &Path) -> Result<(), String> {
        let first = block.lines.first().map_or("", String::as_str);
        let body = block.lines.get(1..).unwrap_or_default().join("\n") + "\n";
        if let Some(name) = first.strip_prefix("# file: ") {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, body).unwrap();
        } else if let Some(name) = first.strip_prefix("# add to: ") {
            let path = folder.join(name);
            let before = fs::read_to_string(&path).unwrap();
            fs::write(path, format!("{before}\n{body}")).unwrap();
        } else {
            let place = self.place(block.line);
            return Err(format!(
                "{place}: the first line must be `# file: NAME` or `# add to: NAME`, not {first:?}"
            ));
        }
        Ok(())
    }

    /// The commands of a console block with the output that is quoted below each.
    fn steps(&self, block: &Block) -> Result<Vec<Step>, String> {
        let mut steps: Vec<Step> = Vec::new();
        for (number, line) in block.lines.iter().enumerate() {
            let place = self.place(block.line + number);
            if let Some(last) = steps.last_mut().filter(|step| step.command.ends_with('\\')) {
                last.command.pop();
                last.command.push_str(line.trim_start());
            } else if let Some(command) = line.strip_prefix("$ ") {
                if !command.starts_with("walkfolio ") {
                    return Err(format!(
                        "{place}: a console block runs walkfolio, not {command:?}"
                    ));
                }
                steps.push(Step { command: command.to_owned(), place, quoted: Vec::new() });
            } else if let Some(last) = steps.last_mut() {
                last.quoted.push(line.clone());
            } else {
                return Err(format!("{place}: a console block begins with `$ walkfolio`"));
            }
        }
        Ok(steps)
    }
}

/// A command and what the page says that it prints.
struct Step {
    command: String,
    place: String,
    quoted: Vec<String>,
}

impl Step {
    fn run(&self, folder: &Path, data: Option<&Path>) -> Result<(), String> {
        let (command, code) = match self.command.split_once(" # exit ") {
            Some((command, code)) => (command, code.trim().parse::<i32>().unwrap()),
            None => (self.command.as_str(), 0),
        };
        let data = data.map_or(String::new(), |data| data.to_str().unwrap().to_owned());
        let arguments: Vec<String> =
            words(command).iter().map(|word| word.replace("$WALKFOLIO_DATA", &data)).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_walkfolio"))
            .args(&arguments[1..])
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        self.compare(&output, code)
    }

    fn compare(&self, output: &Output, code: i32) -> Result<(), String> {
        let Self { command, place, quoted } = self;
        let printed = text(&output.stdout) + &text(&output.stderr);
        if output.status.code() != Some(code) {
            let found = output.status;
            return Err(format!("{place}: {command}\nended with {found}, not {code}\n{printed}"));
        }
        match missing(quoted, &printed) {
            None => Ok(()),
            Some(line) => Err(format!("{place}: {command}\ndid not print {line:?} but\n{printed}")),
        }
    }
}

/// The first quoted line that was not printed in its place. Quoted lines follow each other as
/// printed, `...` stands for any lines, `[..]` within a line for any characters; before the first
/// and after the last, anything may be printed.
fn missing<'a>(quoted: &'a [String], printed: &str) -> Option<&'a str> {
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let mut from = 0;
    for group in quoted.split(|line| line.trim() == "...") {
        let group: Vec<&str> = trimmed(group);
        let Some(first) = group.first() else { continue };
        let fits = |start: usize| {
            group.iter().enumerate().position(|(n, quoted)| {
                !printed.get(start + n).is_some_and(|line| is_like(line, quoted))
            })
        };
        let mut furthest = None;
        let start = (from..printed.len()).find(|&start| {
            let failed = fits(start);
            furthest = furthest.max(failed);
            failed.is_none()
        });
        match start {
            Some(start) => from = start + group.len(),
            None => return Some(group.get(furthest.unwrap_or(0)).unwrap_or(first)),
        }
    }
    None
}

/// The lines of a group without blank ones around them.
fn trimmed(group: &[String]) -> Vec<&str> {
    let lines: Vec<&str> = group.iter().map(|line| line.trim_end()).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    lines[first..last].to_vec()
}

/// Whether a line is the quoted one, in which `[..]` stands for any characters.
fn is_like(line: &str, quoted: &str) -> bool {
    let mut parts = quoted.split("[..]");
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The words of a command as a shell splits them: at spaces, but not within quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in command.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// The fenced blocks of a page.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(info) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                let language = info.split([',', ' ']).next().unwrap_or_default().to_owned();
                blocks.push(Block { language, line: number + 2, lines: Vec::new() });
            }
        } else if let Some(block) = blocks.last_mut().filter(|_| inside) {
            block.lines.push(line.to_owned());
        }
    }
    assert!(!inside, "a block is not closed");
    blocks
}

/// The studies of the repository, for the commands of a page to run.
fn copy_studies(folder: &Path) {
    let studies = folder.join("studies");
    fs::create_dir(&studies).unwrap();
    for entry in fs::read_dir(repository().join("studies")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, studies.join(path.file_name().unwrap())).unwrap();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_like, missing, words};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn quoted_lines_must_be_printed_in_their_order() {
        let printed = "one\ntwo\nthree  \n\nfour 4.0 s\n";
        for good in ["", "two", "one\ntwo", "two\nthree\n\nfour 4.0 s", "one\n...\nfour [..] s"] {
            assert_eq!(missing(&lines(good), printed), None, "{good}");
        }
        assert_eq!(missing(&lines("one\nthree"), printed), Some("three"));
        assert_eq!(missing(&lines("three\n...\ntwo"), printed), Some("two"));
        assert_eq!(missing(&lines("tw"), printed), Some("tw"));
        assert_eq!(missing(&lines("four 5.[..]"), printed), Some("four 5.[..]"));
    }

    #[test]
    fn a_wildcard_stands_for_any_characters() {
        assert!(is_like("report  runs/x-1/report.html", "report  runs/x-[..]/report.html"));
        assert!(is_like("a b c d", "a[..]c[..]"));
        assert!(!is_like("a b c d", "a[..]e[..]"));
        assert!(!is_like("a b", "a"));
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        let command = r#"walkfolio run x.toml --set 'a={ b = "c" }' --where "te < 1""#;
        let expected =
            ["walkfolio", "run", "x.toml", "--set", r#"a={ b = "c" }"#, "--where", "te < 1"];
        assert_eq!(words(command), expected);
    }
}
