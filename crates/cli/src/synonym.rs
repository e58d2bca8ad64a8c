//! Commands by the names that they have elsewhere.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Words for a command, and what it is called here.
const SYNONYMS: [(&str, &str); 24] = [
    ("backtest", "run"),
    ("execute", "run"),
    ("simulate", "run"),
    ("start", "run"),
    ("optimize", "run"),
    ("new", "init"),
    ("create", "init"),
    ("template", "init"),
    ("validate", "check"),
    ("lint", "check"),
    ("data", "check"),
    ("download", "fetch"),
    ("update", "fetch"),
    ("search", "explain"),
    ("describe", "explain"),
    ("keys", "explain"),
    ("doc", "explain"),
    ("list", "runs"),
    ("ls", "runs"),
    ("diff", "compare"),
    ("prove", "audit"),
    ("reproduce", "verify"),
    ("example", "sample"),
    ("demo", "sample"),
];

/// Ends the program as clap does; a command that is unknown by its name may be known by another.
pub fn exit(error: &clap::Error) -> ! {
    let asked = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(asked)) if error.kind() == ErrorKind::InvalidSubcommand => asked,
        _ => error.exit(),
    };
    match SYNONYMS.iter().find(|(word, _)| asked.eq_ignore_ascii_case(word)) {
        Some((_, name)) => {
            let hint = format!("did you mean `walkfolio {name}`?");
            let what = format!("there is no command `{asked}`");
            report!("{}", crate::failure::Failure::plain(what, Some(hint)));
            std::process::exit(2)
        }
        None => error.exit(),
    }
}
