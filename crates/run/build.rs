//! States which sources this build is made from: a run may be resumed by the same ones only.
//!
//! The hash covers the sources of every crate that a result can depend on, and the versions of what
//! they use. It is the same in a repository, in a folder without one and whatever is not committed,
//! and needs no program. What renders results does not count.

use std::fs;
use std::path::{Path, PathBuf};

/// Crates that only show what the others compute.
const RENDERING: [&str; 4] = ["cli", "python", "report", "walkfolio"];

fn main() {
    let own = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let crates = own.join("..");
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(&crates).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !RENDERING.contains(&name.as_str()) {
            collect(&folder.join("src"), &mut files);
            files.push(folder.join("Cargo.toml"));
        }
    }
    files.push(own.join("../../Cargo.lock"));
    let mut hash = Hash(0xCBF2_9CE4_8422_2325);
    for file in &files {
        let Ok(bytes) = fs::read(file) else { continue };
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&crates).unwrap_or(file);
        hash.update(name.to_string_lossy().as_bytes());
        hash.update(&bytes.len().to_le_bytes());
        hash.update(&bytes);
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=WALKFOLIO_BUILD={:016x}", hash.0);
}

/// Every file below a folder, by name; a folder that changes is looked at again.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// FNV-1a: nobody attacks this hash, so it needs no library.
struct Hash(u64);

impl Hash {
    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}
