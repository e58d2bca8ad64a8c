//! The folder of a day: what was decided from what, with the hash of every file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use clap::Parser;
use serde_json::{Value, json};
use walkfolio::record::LiveDecision;
use walkfolio::{BUILD, Date, Study, decision_files, sha256, write_file};

use super::inputs::Input;
use crate::args::{Arguments, Command, DecideOptions};
use crate::decide::failure;
use crate::failure::Failure;

/// The file that says what is in a day's folder, and that it is whole.
pub const MANIFEST: &str = "daily.json";
/// Locked by the one who writes a day.
const LOCK: &str = ".lock";
/// Where the decision is.
pub const DECISION: &str = "decision";

/// A day as its manifest has it.
#[derive(Debug, Clone)]
pub struct Day {
    pub study: String,
    pub date: String,
    /// The build that decided it.
    pub build: String,
    /// The arguments of `walkfolio` that decide it again in the folder.
    pub command: Vec<String>,
    /// The exit code.
    pub exit: u8,
    /// The SHA-256 of every other file.
    pub files: BTreeMap<String, String>,
}

impl Day {
    /// A day that is not decided yet.
    pub fn of(study: &Study, (date, command): (Date, Vec<String>), inputs: &[Input]) -> Self {
        let files = inputs.iter().map(|input| (input.name.clone(), input.sha256.clone()));
        Self {
            study: study.config().name().to_owned(),
            date: date.to_string(),
            build: BUILD.to_owned(),
            command,
            exit: 0,
            files: files.collect(),
        }
    }

    /// The day in a folder; none where there is no folder.
    ///
    /// # Errors
    /// If the folder has no manifest that can be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, Failure> {
        if !folder.exists() {
            return Ok(None);
        }
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|error| broken(&path, &error))?;
        let value: Value = serde_json::from_str(&text).map_err(|error| broken(&path, &error))?;
        let day = Self::of_json(&value);
        day.map(Some).ok_or_else(|| broken(&path, &"it is not what `walkfolio daily` writes"))
    }

    fn of_json(value: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let files = value["files"].as_object()?.iter();
        Some(Self {
            study: text(&value["study"])?,
            date: text(&value["date"])?,
            build: text(&value["build"])?,
            command: value["command"].as_array()?.iter().map(text).collect::<Option<_>>()?,
            exit: u8::try_from(value["exit"].as_u64()?).ok()?,
            files: files
                .map(|(name, hash)| Some((name.clone(), text(hash)?)))
                .collect::<Option<_>>()?,
        })
    }

    fn json(&self) -> String {
        let value = json!({
            "format": 1, "study": self.study, "date": self.date, "build": self.build,
            "command": self.command, "exit": self.exit, "files": self.files,
        });
        format!("{value:#}\n")
    }

    /// What of the inputs is not what an earlier day has; none where all is.
    pub fn differs_from(&self, earlier: &Self) -> Option<String> {
        let inputs = |day: &Self| -> BTreeMap<String, String> {
            let all = day.files.iter().filter(|(name, _)| name.starts_with("inputs/"));
            all.map(|(name, hash)| (name.clone(), hash.clone())).collect()
        };
        let (own, other) = (inputs(self), inputs(earlier));
        let names = own.keys().chain(other.keys()).find(|name| own.get(*name) != other.get(*name));
        if let Some(name) = names {
            return Some(format!("{} differs", name.trim_start_matches("inputs/")));
        }
        if self.command != earlier.command {
            return Some("the options differ".to_owned());
        }
        (self.build != earlier.build).then(|| "another build of the program decided it".to_owned())
    }

    /// The options that decide it from the inputs in a folder.
    ///
    /// # Errors
    /// If the command is not one of `decide`.
    pub fn decide(&self, folder: &Path) -> Result<DecideOptions, Failure> {
        let place = |argument: &String| {
            if argument.starts_with("inputs/") {
                folder.join(argument).into_os_string()
            } else {
                argument.into()
            }
        };
        let arguments = ["walkfolio".into()].into_iter().chain(self.command.iter().map(place));
        match Arguments::try_parse_from(arguments).map(|parsed| parsed.command) {
            Ok(Command::Decide(options)) => Ok(*options),
            _ => Err(broken(&folder.join(MANIFEST), &"its command does not decide")),
        }
    }
}

fn broken(path: &Path, reason: &dyn std::fmt::Display) -> Failure {
    let hint = "move the folder away, and decide again".to_owned();
    Failure::plain(format!("{} cannot be read: {reason}", path.display()), Some(hint))
}

/// Waits until no other process writes to the folder of the days; until the file is dropped, or the process ends, none does.
pub fn alone(days: &Path) -> Result<File, Failure> {
    let path = days.join(LOCK);
    fs::create_dir_all(days).map_err(|error| unwritten(days, &error))?;
    let file = File::create(&path).map_err(|error| unwritten(&path, &error))?;
    match file.lock() {
        // A file system without locks: the days are written as before there were any.
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(unwritten(&path, &error)),
        _ => Ok(file),
    }
}

/// Keeps an earlier folder as `DATE.1`, `DATE.2` and so on.
fn put_by(folder: &Path) -> Result<(), Failure> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let place = |number: usize| folder.with_file_name(format!("{name}.{number}"));
    let free = (1..usize::MAX).map(place).find(|place| !place.exists());
    free.map_or(Ok(()), |free| fs::rename(folder, free).map_err(|error| unwritten(folder, &error)))
}

/// A folder that is written next to its place.
pub struct Staged(PathBuf);

impl Staged {
    /// Without what an earlier one left.
    pub fn new(folder: &Path) -> Result<Self, Failure> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.with_file_name(format!(".{name}.new"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).map_err(|error| unwritten(&path, &error))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Copies all inputs, which must still be what they were.
    pub fn copy(&self, inputs: &[Input]) -> Result<(), Failure> {
        for Input { name, path, sha256: expected } in inputs {
            let bytes = fs::read(path).map_err(|error| unwritten(path, &error))?;
            if sha256(&bytes) != *expected {
                let what = format!("{} was changed while it was read", path.display());
                return Err(Failure::plain(what, Some("run it again".to_owned())));
            }
            self.write(name, &bytes)?;
        }
        Ok(())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.0.join(name);
        let folder = path.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)
            .and_then(|()| write_file(&path, bytes))
            .map_err(|error| unwritten(&path, &error))
    }

    /// Writes the decision and the manifest, keeps an earlier folder by another name, and gives this one its own.
    pub fn finish(
        self,
        folder: &Path,
        mut day: Day,
        (decision, exit): (&LiveDecision, u8),
    ) -> Result<(), Failure> {
        for (name, bytes) in decision_files(decision).map_err(failure)? {
            let name = format!("{DECISION}/{name}");
            self.write(&name, &bytes)?;
            day.files.insert(name, sha256(&bytes));
        }
        day.exit = exit;
        self.write(MANIFEST, day.json().as_bytes())?;
        if folder.exists() {
            put_by(folder)?;
        }
        fs::rename(&self.0, folder).map_err(|error| unwritten(folder, &error))
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    let hint = walkfolio::file_hint(error.kind()).map(str::to_owned);
    Failure::plain(format!("{} cannot be written: {error}", path.display()), hint)
}
