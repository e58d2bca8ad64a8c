//! Disks that are full and folders that cannot be written: the error names the file, and nothing
//! that was written is lost.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{repository, text, walkfolio};

const STUDY: &str = "studies/mtum-all-eleven.toml";

fn run(out: &Path, more: &[&str]) -> Command {
    let own = ["run", STUDY, "--checkpoint-every", "3", "--out", out.to_str().unwrap()];
    walkfolio(&[&own[..], more].concat())
}

/// The same where no file may grow beyond so many blocks of 512 bytes.
fn run_within(blocks: usize, out: &Path, more: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let own = ["run", STUDY, "--checkpoint-every", "3", "--out", out.to_str().unwrap()];
    Command::new("sh")
        .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_walkfolio")])
        .args(own)
        .args(more)
        .current_dir(repository())
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// What a person reads, without the lines that are drawn around it.
fn told(output: &Output) -> String {
    text(&output.stderr).replace(['\n', '│', ' '], "")
}

/// Every file below a folder; what is half-written under its final name is told here. Of `run.json`
/// and the reports only that they are whole, as clocks stand in them.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(path.extension().is_none_or(|end| end != "tmp"), "{name} is half-written");
        let bytes = fs::read(&path).unwrap();
        match name {
            "run.json" => {
                serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
            }
            "report.html" => assert!(text(&bytes).trim_end().ends_with("</html>")),
            "timings.parquet" | "report.md" | "report.xlsx" => {}
            _ => {
                all.insert(path, bytes);
            }
        }
    }
    all
}

/// The same by name, for two folders to be compared.
fn named(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let name = |path: PathBuf| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    files(folder).into_iter().map(|(path, bytes)| (name(path), bytes)).collect()
}

fn parts(out: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(out.join(".checkpoint")).into_iter().flatten();
    let mut parts: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    parts.sort();
    parts
}

fn whole(place: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = place.join("whole");
    assert!(run(&out, &[]).output().unwrap().status.success());
    named(&out)
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    let expected = whole(place.path());
    let cases = [
        (2, "run.json"),
        (20, ".checkpoint/decisions-"),
        (64, "returns.parquet"),
        (200, "report.html"),
    ];
    for (blocks, file) in cases {
        let out = place.path().join(format!("within-{blocks}"));
        let output = run_within(blocks, &out, &[]);
        assert_eq!(output.status.code(), Some(2), "{file}: {}", told(&output));
        let name = format!("cannotwrite{}", out.join(file).display());
        assert!(told(&output).contains(&name), "{file}: {}", text(&output.stderr));
        assert!(told(&output).contains("freesomespace"), "{}", text(&output.stderr));
        assert!(!out.join(file).exists());
        for (name, bytes) in named(&out) {
            if !name.starts_with(".checkpoint") {
                assert_eq!(Some(&bytes), expected.get(&name), "{name}");
            }
        }
        if file == "run.json" {
            continue;
        }
        // A second try on the full disk keeps what the first had kept.
        let kept = parts(&out);
        let all = !file.starts_with(".checkpoint");
        assert!(if all { kept.len() == 3 } else { kept.len() < 3 }, "{kept:?}");
        assert_eq!(run_within(2, &out, &["--resume"]).status.code(), Some(2));
        assert_eq!(parts(&out), kept);
        let output = run(&out, &["--resume"]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(named(&out) == expected, "the files differ");
    }
}

#[test]
fn a_complete_run_is_not_replaced_on_a_full_disk() {
    let place = tempfile::tempdir().unwrap();
    let expected = whole(place.path());
    let out = place.path().join("whole");
    let before = fs::read(out.join("run.json")).unwrap();
    for blocks in [2, 64] {
        let output = run_within(blocks, &out, &["--replace"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(named(&out) == expected, "the files differ");
        assert_eq!(fs::read(out.join("run.json")).unwrap(), before);
    }
    // The replacement goes on where the disk was full, and takes its place at the end.
    assert!(run(&out, &["--resume"]).output().unwrap().status.success());
    assert!(named(&out) == expected, "the files differ");
    assert_ne!(fs::read(out.join("run.json")).unwrap(), before);
    assert!(!place.path().join(".whole.replacing").exists());
    assert!(out.join("report.html").is_file());
}

#[test]
fn a_part_that_cannot_be_kept_leaves_those_before_it() {
    let place = tempfile::tempdir().unwrap();
    let expected = whole(place.path());
    let out = place.path().join("parts");
    assert_eq!(run_within(64, &out, &[]).status.code(), Some(2));
    let all = parts(&out);
    let last = all.last().unwrap();
    assert_eq!(all.len(), 3);
    fs::remove_file(last).unwrap();
    // A folder stands where the part is to be written: as good as a full disk, for root too.
    let name = last.file_name().unwrap().to_str().unwrap();
    let beside = last.with_file_name(format!(".{name}.tmp"));
    fs::create_dir(&beside).unwrap();
    let output = run(&out, &["--resume"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains(&format!("cannotwrite{}", last.display())));
    fs::remove_dir(&beside).unwrap();
    assert_eq!(parts(&out), all[..all.len() - 1]);
    assert!(run(&out, &["--resume"]).output().unwrap().status.success());
    assert!(named(&out) == expected, "the files differ");
}

#[test]
fn a_small_disk_fills_up() {
    let place = tempfile::tempdir().unwrap();
    let disk = place.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = |options: &str| {
        let arguments = ["-t", "tmpfs", "-o", options, "none", disk.to_str().unwrap()];
        let output = Command::new("mount").args(arguments).output();
        output.is_ok_and(|output| output.status.success())
    };
    if !mount("size=48k") {
        println!("skipped: no file system may be mounted here");
        return;
    }
    let out = disk.join("run");
    let output = run(&out, &["--bulk"]).output().unwrap();
    let kept = parts(&out);
    let half_written = files(&out).keys().any(|path| path.extension().is_some_and(|e| e == "tmp"));
    let larger = mount("remount,size=16m");
    let resumed = run(&out, &["--resume", "--bulk"]).output().unwrap();
    let found = named(&out);
    let read_only = mount("remount,ro,size=16m");
    let refused = run(&disk.join("other"), &["--bulk"]).output().unwrap();
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
    assert_eq!(output.status.code(), Some(2));
    let name = format!("cannotwrite{}", out.display());
    assert!(told(&output).contains(&name), "{}", text(&output.stderr));
    assert!(!kept.is_empty() && !half_written);
    assert!(larger && resumed.status.success(), "{}", text(&resumed.stderr));
    assert!(found == whole(place.path()), "the files differ");
    assert!(read_only && refused.status.code() == Some(2));
    let name = format!("cannotcreate{}", disk.join("other").display());
    assert!(told(&refused).contains(&name), "{}", text(&refused.stderr));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "mine").unwrap();
    let out = file.join("run");
    let output = run(&out, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains(&format!("cannotcreate{}", out.display())));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}
