//! What the tests of the program share.

#![allow(dead_code)] // each test file uses its own part

use std::path::{Path, PathBuf};
use std::process::Command;

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The program, in the repository and without colour.
pub fn walkfolio(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_walkfolio"));
    command.args(arguments).current_dir(repository()).env("NO_COLOR", "1");
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Milliseconds that look like chance and are the same each time, from 0 to some.
pub fn moments(most: u64) -> impl Iterator<Item = u64> {
    (1_u64..).map(move |at| at * at * 2_654_435_761 % (most + 1))
}
