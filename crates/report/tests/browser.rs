//! The pages in a real browser: `make browser-test`.
//!
//! Copies of the pages get a script that presses what can be pressed, looks for what is drawn, cut
//! off or asked of a server, and tells the frame around it; Chromium prints what the frames were
//! told. Wide and light, then as narrow as a phone and dark.

// Helpers outside of test functions unwrap too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use walkfolio::{Findings, GridRun, Run, Silent, Study};
use walkfolio_report::Side;

const BEFORE: &str = include_str!("browser/before.js");
const AFTER: &str = include_str!("browser/after.js");
const FRAMES: &str = include_str!("browser/frames.html");
/// A page on which everything is wrong that the script looks for.
const BROKEN: &str = include_str!("browser/broken.html");

/// What a page must have at least: charts, buttons and selectors that were tried.
const PAGES: [(&str, [u64; 3]); 10] = [
    ("mtum-replica.html", [20, 6, 2]),
    ("regime-switching.html", [18, 9, 1]),
    ("one.html", [6, 1, 0]),
    ("tearsheet.html", [10, 5, 0]),
    ("long-short.html", [18, 6, 2]),
    ("frontier.html", [17, 5, 1]),
    ("long-short-surface.html", [4, 1, 4]),
    ("mtum-frontier.html", [4, 0, 1]),
    ("compare.html", [3, 3, 0]),
    ("broken.html", [1, 0, 0]),
];

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn pages_work_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    write_pages(folder.path());
    let light = found(folder.path(), "light", 1280);
    let dark = found(folder.path(), "dark", 390);
    for (frames, found) in [("light", light), ("dark", dark)] {
        for (page, least) in PAGES {
            let told = &found[page];
            assert!(told.is_object(), "{frames}: {page} says nothing: {found}");
            if page == "broken.html" {
                assert_broken(told);
                continue;
            }
            for kind in ["errors", "blocked", "faults"] {
                assert_eq!(told[kind], serde_json::json!([]), "{frames}, {page}: {kind}");
            }
            for (kind, least) in ["charts", "pressed", "chosen"].into_iter().zip(least) {
                let number = told[kind].as_u64().unwrap();
                assert!(number >= least, "{frames}, {page}: {number} {kind}, at least {least}");
            }
        }
    }
}

/// The script sees each kind of fault where there is one.
fn assert_broken(told: &Value) {
    let text = told.to_string();
    let wanted = [
        "this is wrong",
        "example.org",
        "chart-empty has no points",
        "is cut off",
        "the page is 3000 wide",
        "changes nothing",
        "a chart cannot be saved",
    ];
    if std::env::var_os("AXE").is_some() {
        assert!(
            text.contains("barrier: image-alt"),
            "axe-core does not see an image without words: {text}"
        );
    }
    for words in wanted {
        assert!(text.contains(words), "`{words}` is not in {text}");
    }
}

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn every_kind_of_page_prints_to_two_pages_of_a4_and_letter() {
    let folder = tempfile::tempdir().unwrap();
    let [own, other] = ["mtum-all-eleven", "mtum-best-subset"].map(run);
    let pages = [
        ("run", walkfolio_report::html(&own)),
        ("long-short", walkfolio_report::html(&run("long-short"))),
        ("grid", walkfolio_report::grid_html(&grid("mtum-frontier"))),
        ("maps", walkfolio_report::grid_html(&grid("long-short-surface"))),
        ("comparison", walkfolio_report::compare_html(&[side(&own), side(&other)], &[])),
    ];
    for (name, html) in pages {
        assert_two_pages(folder.path(), name, &html.unwrap());
    }
}

fn assert_two_pages(folder: &Path, name: &str, html: &str) {
    // In points, as Chromium rounds them: 210 by 297 mm, 8.5 by 11 inches.
    for (paper, size) in [("a4", "594.95996 841.91998"), ("letter", "612 792")] {
        let style = format!("<style>@page {{ size: {paper}; }}</style></head>");
        let page = folder.join("page.html");
        std::fs::write(&page, html.replacen("</head>", &style, 1)).unwrap();
        let pdf = folder.join("page.pdf");
        let print = format!("--print-to-pdf={}", pdf.display());
        let budget = "--virtual-time-budget=60000";
        chromium(folder, &[&print, "--no-pdf-header-footer", budget], &page);
        let bytes = std::fs::read(&pdf).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("%PDF"));
        assert!(text.contains(&format!("/MediaBox [0 0 {size}]")), "the paper is not {paper}");
        let pages = text.matches("/Type /Page\n").count();
        assert_eq!(pages, 2, "{name}, {paper}");
    }
}

/// Copies of the pages with the scripts of the test, and the frames that show them.
fn write_pages(folder: &Path) {
    let mut pages: Vec<(String, String)> = Vec::new();
    for name in ["mtum-replica", "long-short", "frontier", "regime-switching"] {
        pages.push((format!("{name}.html"), walkfolio_report::html(&run(name)).unwrap()));
    }
    let one = ["walk_forward.first=2025-06-01", "walk_forward.last=2025-06-05"];
    let mut one = run_with("mtum-all-eleven", &one.map(str::to_owned));
    assert_eq!(one.manifest.decisions, 1);
    pages.push(("one.html".to_owned(), walkfolio_report::html(&one).unwrap()));
    // Without its decisions, a run is a series from elsewhere.
    one = run("mtum-all-eleven");
    one.manifest.decisions = 0;
    one.decisions.clear();
    pages.push((
        "tearsheet.html".to_owned(),
        walkfolio_report::tearsheet_html(&one, &Findings::of(&one)).unwrap(),
    ));
    for name in ["long-short-surface", "mtum-frontier"] {
        pages.push((format!("{name}.html"), walkfolio_report::grid_html(&grid(name)).unwrap()));
    }
    let others = ["mtum-all-eleven", "mtum-best-subset"].map(run);
    let sides: Vec<Side<'_>> = others.iter().map(side).collect();
    let compared = walkfolio_report::compare_html(&sides, &["a warning".to_owned()]);
    pages.push(("compare.html".to_owned(), compared.unwrap()));
    pages.push(("broken.html".to_owned(), BROKEN.to_owned()));
    let axe = axe().unwrap_or_default();
    for (name, page) in pages {
        let page = page.replacen("<title>", &format!("<script>{BEFORE}</script><title>"), 1);
        let (body, end) = page.rsplit_once("</body>").unwrap();
        let page = format!("{body}<script>{axe}</script><script>{AFTER}</script></body>{end}");
        std::fs::write(folder.join(name), page).unwrap();
    }
}

/// The script that looks for barriers, where `AXE` says it is; `make browser-test` does.
fn axe() -> Option<String> {
    let found = std::env::var_os("AXE").map(|path| std::fs::read_to_string(path).unwrap());
    let in_ci = std::env::var("CI").as_deref() == Ok("true");
    assert!(found.is_some() || !in_ci, "AXE names no script: make browser-test");
    // It is one script among others of the page: nothing in it may end it.
    found.inspect(|script| assert!(!script.contains("</script")))
}

fn study(name: &str, set: &[String]) -> Study {
    let studies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies");
    Study::load(&studies.join(format!("{name}.toml")), set).unwrap()
}

fn run(name: &str) -> Run {
    run_with(name, &[])
}

fn grid(name: &str) -> GridRun {
    let study = study(name, &[]);
    study.run_grid(&study.market(None).unwrap(), None, &Silent).unwrap()
}

fn side(run: &Run) -> Side<'_> {
    Side { name: &run.manifest.study, place: "", run }
}

fn run_with(name: &str, set: &[String]) -> Run {
    let study = study(name, set);
    study.run(&study.market(None).unwrap(), &Silent).unwrap()
}

/// What the pages tell, by name.
fn found(folder: &Path, scheme: &str, width: u32) -> Value {
    let names: Vec<&str> = PAGES.iter().map(|(name, _)| *name).collect();
    let pages = serde_json::json!([names, width, 844]).to_string();
    let frames = folder.join(format!("{scheme}.html"));
    std::fs::write(&frames, FRAMES.replace("PAGES", &pages)).unwrap();
    let prefers = format!("--blink-settings=preferredColorScheme={}", u8::from(scheme == "light"));
    // Time runs as fast as the work allows, and no further than this.
    let arguments = [&prefers, "--virtual-time-budget=900000", "--dump-dom"];
    let output = chromium(folder, &arguments, &frames);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, rest) = printed.split_once("<pre id=\"found\">").expect("the frames print nothing");
    let (text, _) = rest.split_once("</pre>").unwrap();
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn chromium(folder: &Path, arguments: &[&str], page: &Path) -> Output {
    let output = Command::new(browser())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--disable-dev-shm-usage", "--window-size=1400,1000"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .stderr(Stdio::null())
        .output();
    let output = output.expect("Chromium starts; `make browser-test` installs it");
    assert!(output.status.success(), "Chromium ended with {}", output.status);
    output
}

/// Chromium by the name that a system knows it by, or the one that `CHROMIUM` names.
fn browser() -> PathBuf {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return named.into();
    }
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|file| file.is_file()).unwrap_or_else(|| "chromium".into())
}
