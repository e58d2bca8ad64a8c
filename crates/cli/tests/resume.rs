//! Runs that are killed and resumed: the same bits as if nothing had happened.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_walkfolio"))
        .args(arguments)
        .current_dir(repository())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The files of a run whose bytes may not differ; of `run.json` all but its clock.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(path.extension().is_none_or(|end| end != "tmp"), "{name} is half-written");
        let bytes = match name.as_str() {
            "timings.parquet" | "report.html" => continue,
            "run.json" => {
                let text = std::fs::read_to_string(&path).unwrap();
                let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
                for clock in ["started", "seconds", "threads"] {
                    json.as_object_mut().unwrap().remove(clock);
                }
                // The hashes of the files that tell the time.
                if let Some(files) = json["files"].as_object_mut() {
                    files.retain(|name, _| name != "timings.parquet" && name != "report.html");
                }
                json.to_string().into_bytes()
            }
            _ => std::fs::read(&path).unwrap(),
        };
        all.insert(name, bytes);
    }
    all
}

/// Every file with its final name in a folder that was left in mid-run must be whole.
fn check_left(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "json") {
            let text = std::fs::read_to_string(&path).unwrap();
            let parsed = serde_json::from_str::<serde_json::Value>(&text);
            assert!(parsed.is_ok(), "{} is not whole", path.display());
        }
    }
    for entry in std::fs::read_dir(folder.join(".checkpoint")).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.starts_with('.') {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(
                serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "{name} is not whole"
            );
        }
    }
}

fn kept(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder.join(".checkpoint")).into_iter().flatten().flatten();
    entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')).count()
}

/// Numbers from 0 to 1, always the same (the finalizer of `SplitMix64`, Steele et al. 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A study, its overrides, and how often it is killed.
struct Case {
    arguments: &'static [&'static str],
    kills: usize,
}

const SMALL: &str = "select.parameters.n_estimators=60";
const CASES: [Case; 4] = [
    Case {
        arguments: &[
            "studies/mtum-replica.toml",
            "--set",
            SMALL,
            "--set",
            "select.save_models=false",
        ],
        kills: 12,
    },
    Case {
        arguments: &[
            "studies/mtum-review-aware-tuned.toml",
            "--set",
            "walk_forward.last=2022-12-30",
            "--set",
            "tune.keys={ \"allocate.objective.ridge_to_holdings\" = [0.1, 0.2], \"allocate.objective.half_life_days\" = [30, 60] }",
        ],
        kills: 12,
    },
    Case { arguments: &["studies/long-short-sample.toml"], kills: 13 },
    Case {
        arguments: &[
            "studies/mtum-frontier.toml",
            "--set",
            "walk_forward.every=week",
            "--set",
            "walk_forward.first=2015-01-02",
        ],
        kills: 13,
    },
];

#[test]
fn fifty_kills_and_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance(20_261_124);
    let (mut struck, mut all) = (0, 0);
    for (number, case) in CASES.iter().enumerate() {
        let whole = folder.path().join(format!("whole-{number}"));
        let arguments = |out: &Path, more: &[&str]| -> Vec<String> {
            let own = ["--out", out.to_str().unwrap(), "--bulk", "--checkpoint-every", "3"];
            let parts = [&["run"], case.arguments, &own[..], more];
            parts.concat().iter().map(ToString::to_string).collect()
        };
        let run = |out: &Path, more: &[&str]| {
            let arguments = arguments(out, more);
            start(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
        };
        let started = Instant::now();
        assert!(run(&whole, &[]).wait().unwrap().success());
        let seconds = started.elapsed().as_secs_f64();
        let expected = files(&whole);
        let out = folder.path().join(format!("killed-{number}"));
        let mut fresh = true;
        for _ in 0..case.kills {
            let mut child = run(&out, if fresh { &[] } else { &["--resume"] });
            // One kill in twelve strikes anywhere, the others once something more is kept.
            if chance.next() > 0.08 {
                let before = if fresh { 0 } else { kept(&out) };
                while kept(&out) <= before && child.try_wait().unwrap().is_none() {
                    std::thread::sleep(Duration::from_millis(2));
                }
            }
            std::thread::sleep(Duration::from_secs_f64(seconds * 0.12 * chance.next()));
            let ended = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            all += 1;
            check_left(&out);
            struck += usize::from(!ended && kept(&out) > 0);
            // A run that ended before its kill is compared, and the next one starts anew.
            fresh = ended || !out.join("run.json").is_file();
            if ended && out.join("run.json").is_file() {
                assert_eq!(files(&out), expected, "case {number}");
                std::fs::remove_dir_all(&out).unwrap();
            }
        }
        if out.join("run.json").is_file() {
            let output = run(&out, &["--resume"]).wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(!out.join(".checkpoint").exists());
            assert_eq!(files(&out), expected, "case {number}");
        }
    }
    println!("{all} kills, {struck} of them after the first checkpoint and before the end");
    assert!(all == 50 && struck >= 40, "{struck} of {all}");
}

#[test]
fn what_cannot_be_resumed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let path = out.to_str().unwrap();
    let run = |more: &[&str]| {
        let base = ["run", "studies/mtum-all-eleven.toml", "--bulk", "--out", path];
        start(&[&base[..], more].concat()).wait_with_output().unwrap()
    };
    let error =
        |more: &[&str]| String::from_utf8(run(more).stderr).unwrap().replace(['\n', '│', ' '], "");
    assert!(error(&["--resume"]).contains("itholdsnorun"));
    assert!(run(&[]).status.success());
    assert!(run(&["--resume"]).status.success());
    let other = ["--resume", "--set", "costs.per_side_bps=7"];
    assert!(error(&other).contains("anotherstudyorotherdata"));
}

/// The manifest of a run, and when its last table was written.
fn manifest(out: &Path) -> (serde_json::Value, SystemTime) {
    let text = std::fs::read_to_string(out.join("run.json")).unwrap();
    let written = std::fs::metadata(out.join("measures.json")).unwrap().modified().unwrap();
    (serde_json::from_str(&text).unwrap(), written)
}

/// Seconds since 1970 of a manifest's `started`.
fn started(manifest: &serde_json::Value) -> f64 {
    let text = manifest["started"].as_str().unwrap();
    let command = Command::new("date").args(["-u", "-d", text, "+%s.%N"]).output().unwrap();
    String::from_utf8(command.stdout).unwrap().trim().parse().unwrap()
}

fn seconds(time: SystemTime) -> f64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64()
}

#[test]
fn a_run_starts_before_it_decides() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let run = |more: &[&str]| {
        let base = ["run", "studies/mtum-replica.toml", "--bulk", "--out", out.to_str().unwrap()];
        start(&[&base[..], more].concat())
    };
    let before = seconds(SystemTime::now());
    assert!(run(&[]).wait().unwrap().success());
    let (complete, written) = manifest(&out);
    let worked: f64 = ["decide", "simulate", "measure"]
        .map(|stage| complete["seconds"][stage].as_f64().unwrap())
        .iter()
        .sum();
    let began = started(&complete);
    assert!(before <= began, "{began} is before the program was started ({before})");
    let ended = seconds(written);
    assert!(began + worked <= ended + 0.02, "{began} + {worked} is after the end, {ended}");

    // A run that goes on began when it was started for the first time.
    std::fs::remove_dir_all(&out).unwrap();
    let mut child = run(&["--checkpoint-every", "3"]);
    while kept(&out) == 0 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let text = std::fs::read_to_string(out.join("run.json")).unwrap();
    let first: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(first["status"], "running");
    assert!(run(&["--resume"]).wait().unwrap().success());
    let (resumed, _) = manifest(&out);
    assert_eq!((&resumed["status"], &resumed["started"]), (&"complete".into(), &first["started"]));
}

#[test]
fn a_run_of_another_build_is_not_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let run = |more: &[&str]| {
        let base =
            ["run", "studies/mtum-all-eleven.toml", "--bulk", "--out", out.to_str().unwrap()];
        start(&[&base[..], more].concat()).wait_with_output().unwrap()
    };
    assert!(run(&[]).status.success());
    let name = out.join("run.json");
    let mut manifest: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&name).unwrap()).unwrap();
    assert!(manifest["commit"].is_string());
    assert_eq!(manifest["build"].as_str().unwrap().len(), 16);
    manifest["status"] = "interrupted".into();
    manifest["build"] = "0123456789abcdef".into();
    std::fs::write(&name, manifest.to_string()).unwrap();
    let refused = run(&["--resume"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap().replace(['\n', '│', ' '], "");
    assert!(said.contains("anotherbuildoftheprogram") && said.contains("build01234567"), "{said}");
}

#[test]
fn a_killed_replacement_leaves_the_old_run_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let run = |more: &[&str]| {
        let own = ["--bulk", "--checkpoint-every", "3", "--out", out.to_str().unwrap()];
        start(&[&["run", "studies/mtum-replica.toml"], &own[..], more].concat())
    };
    assert!(run(&["--set", "walk_forward.last=2020-06-30"]).wait().unwrap().success());
    let old = files(&out);
    let sibling = folder.path().join(".run.replacing");
    let mut child = run(&["--replace"]);
    while kept(&sibling) == 0 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(kept(&sibling) > 0, "it was killed after its end");
    assert!(files(&out) == old, "the old run is not whole");
    assert!(run(&["--resume"]).wait().unwrap().success());
    assert!(!sibling.exists());
    let whole = folder.path().join("whole");
    let arguments =
        ["run", "studies/mtum-replica.toml", "--bulk", "--out", whole.to_str().unwrap()];
    assert!(start(&arguments).wait().unwrap().success());
    assert_eq!(files(&out), files(&whole));
}
