//! Run folders: whatever is in one of their files, reading, reporting and verifying end with an error
//! or a finding.
//!
//! The first byte of an input chooses the file, the rest is what the file holds.
//!
//! `make fuzz TARGET=run_folder SECONDS=600`

#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use walkfolio::catalogue::Entry;
use walkfolio::{Existing, Findings, GridFindings, Loaded, RunFolder, Silent, Study};

/// As in `crates/cli/tests/damaged.rs`, which reads the corpus again on the stable compiler.
const FILES: [&str; 11] = [
    "run/run.json",
    "run/measures.json",
    "run/decisions.parquet",
    "run/returns.parquet",
    "run/ledger.parquet",
    "run/timings.parquet",
    "grid/run.json",
    "grid/grid.parquet",
    "run/risk.parquet",
    "grid/ledger.parquet",
    "grid/luck.json",
];

/// A backtest and a grid, and the market of both.
struct Runs {
    folder: PathBuf,
    loaded: Loaded,
    whole: Vec<Vec<u8>>,
}

static RUNS: LazyLock<Runs> = LazyLock::new(|| {
    // The Parquet library panics on some damaged files, which `walkfolio-columns` catches: without the
    // fuzzer's hook only a panic that nobody catches ends the process.
    let _ = std::panic::take_hook();
    let folder = std::env::temp_dir().join(format!("walkfolio-fuzz-{}", std::process::id()));
    let text = include_str!("../../studies/mtum-all-eleven.toml");
    let study = |more: &[&str]| {
        let set = ["walk_forward.last=2019-08-30"].iter().chain(more).map(ToString::to_string);
        Study::parse("study.toml", text, &set.collect::<Vec<_>>()).expect("a study")
    };
    let create = |name: &str, manifest| {
        let path = folder.join(name);
        RunFolder::create(manifest, Path::new(""), Some(&path), Existing::Refuse).expect("a folder")
    };
    let one = study(&[]);
    let loaded = one.market(None).expect("a market");
    let run = one.run(&loaded, &Silent).expect("a run");
    let mut written = create("run", &run.manifest);
    written.write_run(&run).and_then(|()| written.finish(&run.manifest)).expect("its files");
    let grid = study(&["grid={ 'allocate.max_holdings' = [3, 4] }", "allocate.bounds.when_too_tight=raise"])
        .run_grid(&loaded, None, &Silent)
        .expect("a grid");
    let mut written = create("grid", &grid.manifest);
    written.write_grid(&grid).and_then(|()| written.finish(&grid.manifest)).expect("its files");
    let whole = FILES.map(|name| std::fs::read(folder.join(name)).expect("a file")).to_vec();
    Runs { folder, loaded, whole }
});

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let runs = &*RUNS;
    let at = usize::from(first) % FILES.len();
    let file = runs.folder.join(FILES[at]);
    std::fs::write(&file, bytes).expect("a file that can be written");
    if FILES[at].starts_with("run/") {
        read_run(&runs.folder.join("run"), &runs.loaded);
    } else {
        read_grid(&runs.folder.join("grid"));
    }
    std::fs::write(&file, &runs.whole[at]).expect("a file that can be written");
});

fn read_run(folder: &Path, loaded: &Loaded) {
    let _ = Entry::read(folder);
    if let Ok(run) = walkfolio::read_run(folder) {
        let _ = walkfolio_report::files(&run, &Findings::of(&run));
        if let Ok(study) = Study::of_manifest(&run.manifest) {
            let _ = study.verify(&run, loaded, &Silent);
        }
    }
}

fn read_grid(folder: &Path) {
    let _ = Entry::read(folder);
    if let Ok(grid) = walkfolio::read_grid(folder) {
        let _ = walkfolio_report::grid_files(&grid, &GridFindings::of(&grid));
    }
}
