//! States the commit of the program's source, for the manifests of its runs.
//!
//! It is asked of git and needs no network; outside a repository, and without git, it is `unknown`.
//! The program is built again when another commit is checked out, and the libraries are not.

use std::path::Path;
use std::process::Command;

fn main() {
    let commit = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=WALKFOLIO_COMMIT={commit}");
    println!("cargo::rerun-if-changed=build.rs");
    // The log of the head has a line more after every commit and checkout; a repository without logs
    // has at least the head and what it refers to. A file that is absent would mean "always".
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "logs/HEAD"].into_iter().chain(branch.as_deref()) {
        if let Some(path) = git(&["rev-parse", "--git-path", name])
            && Path::new(&path).is_file()
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

/// What git prints; none where it fails or is not there.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}
