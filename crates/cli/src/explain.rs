//! `walkfolio explain`.

mod facts;
mod markdown;
mod search;
mod text;

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use walkfolio::study::{Key, find, keys, near};

use crate::failure::Failure;
use crate::layout::width;

/// Which key to explain, and how.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// A key such as `allocate.bounds.max`, its last part, a table, a kind of one, or a word that is
    /// looked for in what keys and measures mean; by default, every key
    pub key: Option<String>,
    /// Print one line of JSON instead of the text
    #[arg(long)]
    pub json: bool,
    /// Print every key as the reference page of the book
    #[arg(long, conflicts_with_all = ["key", "json"])]
    pub markdown: bool,
}

pub fn explain(options: &ExplainOptions) -> Result<ExitCode, Failure> {
    let all = keys();
    if options.markdown {
        say!("{}", markdown::page(all).trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let width = width().min(100);
    let Some(name) = options.key.as_deref() else {
        if options.json {
            say!("{}", json!(all));
        } else {
            say!("{}", text::list(all, width));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let found = asked(all, name);
    if found.is_empty() {
        // A name in the form of a key is one that is misspelled.
        let is_word = !name.contains(['.', '_']);
        let answer = search::answer(all, name, options.json).filter(|_| is_word);
        return answer.map_or_else(
            || Err(unknown(all, name)),
            |answer| {
                say!("{answer}");
                Ok(ExitCode::SUCCESS)
            },
        );
    }
    if options.json {
        say!("{}", json!(found));
    } else {
        let texts: Vec<String> = found.iter().map(|key| text::key(key, width)).collect();
        say!("{}", texts.join("\n\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The keys that a name means, each once; of a table whose kind was named, only that kind.
fn asked(all: &[Key], name: &str) -> Vec<Key> {
    // The key `kind` is explained by the kinds of its table.
    let name = name.strip_suffix(".kind").unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    let mut found: Vec<Key> = Vec::new();
    for key in find(all, name) {
        let mut key = key.clone();
        let is_kind = !key.path.ends_with(last) && key.kinds.iter().any(|kind| kind.name == last);
        if is_kind {
            key.kinds.retain(|kind| kind.name == last);
        }
        if !found.contains(&key) {
            found.push(key);
        }
    }
    found
}

fn unknown(all: &[Key], name: &str) -> Failure {
    let near: Vec<String> = near(all, name).iter().map(|path| format!("`{path}`")).collect();
    let hint = match near.as_slice() {
        [] => "`walkfolio explain` lists every key".to_owned(),
        [one] => format!("did you mean {one}?"),
        [most @ .., last] => format!("did you mean {} or {last}?", most.join(", ")),
    };
    Failure::plain(format!("a study has no key `{name}`"), Some(hint))
}
