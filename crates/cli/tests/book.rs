//! The book does what it says: its commands run, its links resolve, its reference is the code's.
//!
//! CONTRIBUTING.md says how a page is written so that this can be tested.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

#[path = "book/page.rs"]
mod page;

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use walkfolio::measures::{Better, Definition, Unit, definitions};

use common::repository;
use page::{Block, Page};

/// The sources of the book.
fn sources() -> PathBuf {
    repository().join("docs/src")
}

/// Every page of the book, in order of its path.
fn pages() -> Vec<Page> {
    let mut found = Vec::new();
    let mut folders = vec![sources()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found.iter().map(|path| Page::read(path)).collect()
}

/// The real data, or `None`; an error under `CI=true`.
fn data() -> Option<PathBuf> {
    let path = std::env::var_os("WALKFOLIO_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    if let Ok(path) = path.canonicalize() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is not there", path.display());
    println!("skipped: real data not found");
    None
}

#[test]
fn every_command_prints_what_its_page_quotes() {
    let data = data();
    let queue = Mutex::new(pages());
    let faults = Mutex::new(Vec::new());
    let commands = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(page) = queue.lock().unwrap().pop() else { break };
                    let (run, found) = page.run(data.as_deref());
                    *commands.lock().unwrap() += run;
                    faults.lock().unwrap().extend(found);
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(commands.into_inner().unwrap() >= 10, "hardly any command was found");
}

#[test]
fn the_commands_of_the_readme_run() {
    let Some(data) = data() else { return };
    let readme = Page::read(&repository().join("README.md"));
    let blocks = readme.blocks.iter().filter(|block| block.language == "sh");
    let lines = blocks.flat_map(|block| &block.lines);
    let commands: Vec<String> = lines
        .filter(|line| line.starts_with("walkfolio "))
        .map(|line| format!("$ {}", line.replace("../shared/data", "$WALKFOLIO_DATA")))
        .collect();
    assert!(commands.len() >= 3, "{commands:?}");
    let block = Block { language: "console".to_owned(), line: 1, lines: commands };
    let (_, faults) = Page { blocks: vec![block], ..readme }.run(Some(&data));
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn every_rust_block_is_a_doctest() {
    let library = fs::read_to_string(repository().join("crates/walkfolio/src/lib.rs")).unwrap();
    for page in pages() {
        if page.blocks.iter().any(|block| block.language == "rust") {
            let name = page.path.strip_prefix(sources()).unwrap().to_str().unwrap();
            let include = format!("include_str!(\"../../../docs/src/{name}\")");
            assert!(library.contains(&include), "crates/walkfolio/src/lib.rs lacks {include}");
        }
    }
}

#[test]
fn every_page_is_in_the_summary() {
    let summary = Page::read(&sources().join("SUMMARY.md"));
    let listed: BTreeSet<PathBuf> =
        links(&summary.text).iter().map(|link| sources().join(link)).collect();
    for page in pages() {
        if !page.path.ends_with("SUMMARY.md") {
            assert!(listed.contains(&page.path), "SUMMARY.md lacks {}", page.path.display());
        }
    }
}

#[test]
fn every_link_resolves() {
    let root = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"];
    let root = root.map(|name| Page::read(&repository().join(name)));
    let mut faults = Vec::new();
    for page in pages().iter().chain(&root) {
        for link in links(&page.text) {
            if let Err(fault) = resolve(&page.path, &link) {
                faults.push(format!("{}: {link}: {fault}", page.path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The targets of the links of a text, outside of its code.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        }
        let mut rest = if inside { "" } else { line };
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            let Some(end) = rest.find(')') else { break };
            links.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    links
}

fn resolve(page: &Path, link: &str) -> Result<(), String> {
    if link.starts_with("https://") {
        return Ok(());
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { page.to_owned() } else { page.parent().unwrap().join(file) };
    if !target.exists() {
        return Err(format!("{} is not there", target.display()));
    }
    let text = if anchor.is_empty() { String::new() } else { fs::read_to_string(target).unwrap() };
    let has = text.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor);
    if anchor.is_empty() || has { Ok(()) } else { Err("there is no such heading".to_owned()) }
}

/// The anchor that mdBook gives a heading.
fn slug(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn links_are_found_outside_of_code_and_headings_have_anchors() {
    let text = "a [b](c.md#d-e) and [f](g)\n```\n[h](i)\n```\n";
    assert_eq!(links(text), ["c.md#d-e", "g"]);
    assert_eq!(slug("## Read a run in DuckDB, or `pandas`"), "read-a-run-in-duckdb-or-pandas");
    let page = repository().join("docs/src/SUMMARY.md");
    assert!(resolve(&page, "no-such-page.md").is_err());
    assert!(resolve(&page, "reference/study.md#no-such-heading").is_err());
    assert!(resolve(&page, "reference/study.md#at-the-top").is_ok());
}

/// The reference names the files that a run's folder may hold, and no others.
#[test]
fn the_reference_of_files_names_those_of_the_code() {
    let source = fs::read_to_string(repository().join("crates/store/src/folder/names.rs")).unwrap();
    let page = fs::read_to_string(sources().join("reference/files.md")).unwrap();
    let is_file = |name: &&str| {
        let endings = [".json", ".parquet", ".html", ".md", ".xlsx"];
        endings.iter().any(|ending| name.strip_suffix(ending).is_some_and(|stem| !stem.is_empty()))
    };
    let written: BTreeSet<&str> = source.split('"').skip(1).step_by(2).filter(is_file).collect();
    let told: BTreeSet<&str> = page.split('`').skip(1).step_by(2).filter(is_file).collect();
    assert_eq!(told, written);
}

/// The reference of measures as the definitions in the code have it.
fn reference() -> String {
    let mut page = String::from(MEASURES_HEAD);
    for definition in definitions() {
        let Definition { key, label, formula, source, .. } = definition;
        let unit = match definition.unit {
            Unit::Percent => "fraction, shown in percent",
            Unit::Ratio | Unit::Number => "number",
            Unit::Count => "count",
        };
        let better = match definition.better {
            Better::Higher => "more is better",
            Better::Lower => "less is better",
            Better::Neither => "neither is better",
        };
        let formula = formula.replace('|', "&#124;");
        writeln!(page, "| {label} | `{key}` | {unit}; {better} | {formula} | {source} |").unwrap();
    }
    page
}

const MEASURES_HEAD: &str = include_str!("book/measures-head.md");

#[test]
fn the_reference_of_measures_is_that_of_the_code() {
    let path = sources().join("reference/measures.md");
    if std::env::var_os("WALKFOLIO_UPDATE_BOOK").is_some() {
        fs::write(&path, reference()).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(
        page == reference(),
        "{} is not what the definitions say; WALKFOLIO_UPDATE_BOOK=1 writes it anew",
        path.display()
    );
}
