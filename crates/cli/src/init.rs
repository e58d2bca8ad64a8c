//! `walkfolio init`.

mod options;
mod own;
mod template;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::failure::Failure;
use crate::file;
pub use options::InitOptions;
use options::Kind;
use own::Own;

pub fn init(options: &InitOptions) -> Result<ExitCode, Failure> {
    let kind = options.kind;
    let file = format!("{}.toml", kind.name());
    let path = match &options.path {
        None => PathBuf::from(&file),
        Some(path) if path.is_dir() => path.join(&file),
        Some(path) => path.clone(),
    };
    let shown = path.display().to_string();
    if path.exists() && !options.force {
        let hint = "choose another file, or replace it with --force".to_owned();
        return Err(Failure::plain(format!("{shown} already exists"), Some(hint)));
    }
    let own = options.prices.as_deref().map(|prices| Own::read(options, prices, &path));
    let own = own.transpose()?;
    let text = own.as_ref().map_or_else(|| kind.text().to_owned(), |own| template::fill(kind, own));
    file::write(&path, named(&text, kind, &path).as_bytes())?;
    say!("wrote {shown}");
    if let Some(own) = &own {
        say!("{}", own.summary());
    }
    say!("next  walkfolio run {shown}");
    Ok(ExitCode::SUCCESS)
}

/// The study, named after its file where that is a name.
fn named(text: &str, kind: Kind, path: &Path) -> String {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let name = if !stem.is_empty() && stem.chars().all(is_name) { stem } else { kind.name() };
    text.replace(&format!("name = \"{}\"", kind.name()), &format!("name = \"{name}\""))
        .replace(&format!("{}.toml", kind.name()), &path.display().to_string())
}
