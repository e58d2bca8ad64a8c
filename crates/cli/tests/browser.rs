//! `walkfolio serve` in a real browser: `make browser-test`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // a test says what went wrong by failing

#[path = "browser/chromium.rs"]
mod chromium;
mod common;
#[path = "browser/server.rs"]
mod server;

use std::path::Path;
use std::process::{Command, Stdio};

use chromium::Chromium;
use common::{repository, text};
use serde_json::json;
use server::Server;

fn walkfolio(place: &Path, study: &str, more: &[&str]) -> Command {
    let study = repository().join("studies").join(study);
    let mut command = Command::new(env!("CARGO_BIN_EXE_walkfolio"));
    command.args(["run", study.to_str().unwrap()]).args(more).current_dir(place);
    command
}

fn run(place: &Path, study: &str, more: &[&str]) {
    let output = walkfolio(place, study, more).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// A folder of runs: two backtests, a grid, a damaged folder.
fn runs(place: &Path) {
    let short = ["--bulk", "--set", "walk_forward.last=2021-06-30", "--out"];
    run(place, "mtum-all-eleven.toml", &[&short[..], &["runs/all-eleven"]].concat());
    run(place, "mtum-best-subset.toml", &[&short[..], &["runs/best-five"]].concat());
    let grid = "grid={ \"allocate.max_holdings\" = [3, 4, 5], \"costs.per_side_bps\" = [0, 10] }";
    run(place, "mtum-frontier.toml", &[&short[..], &["runs/grid", "--set", grid]].concat());
    std::fs::create_dir(place.join("runs/half")).unwrap();
    std::fs::write(place.join("runs/half/run.json"), "{ \"format\": 1").unwrap();
}

/// The names in the table, in order.
const NAMES: &str = "[...document.querySelectorAll('tbody tr')].map((row) => row.dataset.name)";
/// Whether nothing is wider than the window.
const FITS: &str = "document.documentElement.scrollWidth <= innerWidth";

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn runs_are_sorted_filtered_compared_and_opened() {
    let place = tempfile::tempdir().unwrap();
    runs(place.path());
    let server = Server::start(place.path(), &[]);
    let mut page = Chromium::start(place.path());
    page.look((1440, 900), "light");
    page.open(&server.url("/"));
    assert_eq!(page.value(NAMES), json!(["grid", "best-five", "all-eleven", "half"]));
    assert!(page.value("document.body.innerText").as_str().unwrap().contains("damaged"));
    page.picture("table-1440-light");

    // Sorted by a heading, and the other way round.
    page.follow("th a[title^='Tracking error']");
    let up = page.value(NAMES);
    page.follow("th a[title^='Tracking error']");
    let down = page.value(NAMES);
    assert_ne!(up, down, "the table does not sort");
    assert_eq!(
        page.value("document.querySelector('[aria-sort=descending] a').textContent"),
        json!("te")
    );

    // Filtered by what is typed, and told what is wrong with it.
    page.value("document.getElementById('filter-text').value = 'holdings <= 5 and kind = run'");
    page.follow("#filter button");
    assert_eq!(page.value(NAMES), json!(["best-five"]));
    page.value("document.getElementById('filter-text').value = 'tee < 1'");
    page.follow("#filter button");
    assert_eq!(page.value("document.querySelector('mark').textContent"), json!("tee"));
    page.picture("fault-1440-light");
    page.follow("#filter a");
    assert_eq!(page.value(NAMES).as_array().unwrap().len(), 4, "the filter is not cleared");

    // Two that are chosen, side by side.
    page.open(&server.url("/"));
    page.value("document.querySelectorAll('input[name=run]').forEach((box) => box.click())");
    page.follow("button[form=compare]");
    page.wait("document.documentElement.classList.contains('drawn')");
    assert!(
        page.value("document.querySelector('h1').textContent")
            .as_str()
            .unwrap()
            .starts_with("2 runs")
    );
    page.picture("compare-1440-light");
    page.follow(".served a");
    assert_eq!(page.value("location.pathname"), json!("/"));

    // A report, a grid, and a backtest of it by its row and by its table.
    page.follow("tr[data-name=all-eleven] th a");
    page.wait("document.documentElement.classList.contains('drawn')");
    assert_eq!(page.value("document.querySelector('h1').textContent"), json!("mtum-all-eleven"));
    page.open(&server.url("/run/grid/"));
    page.wait("document.documentElement.classList.contains('drawn')");
    page.picture("grid-1440-light");
    page.follow("#cells-table tbody tr:nth-child(2) td a");
    assert!(page.value("location.pathname").as_str().unwrap().ends_with("/run/grid/cell/2"));
    page.wait("document.documentElement.classList.contains('drawn')");
    page.picture("cell-1440-light");
    page.open(&server.url("/run/grid/cells?filter=allocate.max_holdings+%3C%3D+4&sort=-te"));
    assert_eq!(page.value(NAMES).as_array().unwrap().len(), 4);
    page.picture("cells-1440-light");
    page.follow("tbody tr th a");
    page.wait("document.documentElement.classList.contains('drawn')");

    let (asked, said) = (&page.asked, &page.said);
    let own =
        |address: &&String| address.starts_with(&server.url("/")) || !address.starts_with("http");
    assert!(asked.iter().all(|address| own(&address)), "{asked:?}");
    assert!(asked.len() > 10 && said.iter().all(|text| text.contains("400")), "{said:?}");
}

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn the_contents_mark_the_section_in_view() {
    let place = tempfile::tempdir().unwrap();
    let short = ["--bulk", "--set", "walk_forward.last=2021-06-30", "--out", "runs/all-eleven"];
    run(place.path(), "mtum-all-eleven.toml", &short);
    let server = Server::start(place.path(), &[]);
    let mut page = Chromium::start(place.path());
    for (size, scheme) in [((1440, 900), "light"), ((390, 844), "dark")] {
        page.look(size, scheme);
        page.open(&server.url("/run/all-eleven/"));
        page.wait("document.documentElement.classList.contains('drawn')");
        let marked = "[...document.querySelectorAll('#sections a[aria-current]')].map((link) => link.hash).join(' ')";
        for section in ["returns", "drawdowns", "measures", "calendar"] {
            page.value(&format!("document.getElementById('{section}').scrollIntoView()"));
            page.wait(&format!("{marked} === '#{section}'"));
        }
    }
}

/// The folder of a run once more, under another name.
fn copied(place: &Path, name: &str) {
    let [from, to] = ["all-eleven", name].map(|name| place.join("runs").join(name));
    std::fs::create_dir(&to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn pages_of_many_runs_are_turned() {
    let place = tempfile::tempdir().unwrap();
    let short = ["--bulk", "--set", "walk_forward.last=2019-12-31", "--out", "runs/all-eleven"];
    run(place.path(), "mtum-all-eleven.toml", &short);
    (0..450).for_each(|at| copied(place.path(), &format!("copy-{at:03}")));
    let server = Server::start(place.path(), &[]);
    let mut page = Chromium::start(place.path());
    page.look((1440, 900), "light");
    page.open(&server.url("/?sort=run"));
    let names =
        |page: &mut Chromium| -> Vec<String> { serde_json::from_value(page.value(NAMES)).unwrap() };
    let turns = "[...document.querySelectorAll('.turns a')].map((link) => link.textContent)";
    let counted = "document.querySelector('[role=status]').textContent";
    let first = names(&mut page);
    assert_eq!(page.value(turns), json!(["Next"]));
    assert_eq!(page.value(counted), json!("451 runs; 1 to 200 are shown"));
    page.picture("turns-1440-light");

    page.follow(".turns a");
    let second = names(&mut page);
    assert_eq!(page.value(turns), json!(["Previous", "Next"]));
    assert_eq!(page.value(counted), json!("451 runs; 201 to 400 are shown"));
    page.follow(".turns a:last-child");
    let third = names(&mut page);
    assert_eq!(page.value(turns), json!(["Previous"]));
    assert_eq!(page.value(counted), json!("451 runs; 401 to 451 are shown"));
    // Every run once, in one order over all pages.
    let all = [&first[..], &second, &third].concat();
    assert_eq!((first.len(), second.len(), third.len()), (200, 200, 51));
    assert!(all.is_sorted_by(|a, b| a < b) && all[0] == "all-eleven", "{all:?}");

    page.follow(".turns a");
    assert_eq!(names(&mut page), second);
    page.follow(".turns a");
    assert_eq!(names(&mut page), first);
    // A filter is kept where a page is turned, and a new order begins at the first.
    page.value("document.getElementById('filter-text').value = 'folder != all-eleven'");
    page.follow("#filter button");
    page.follow(".turns a");
    assert_eq!(page.value(counted), json!("450 of 451 runs match; 201 to 400 are shown"));
    page.follow("th a[title='folder of the run']");
    assert_eq!(names(&mut page)[0], "copy-449");
    // Behind the last page nothing is shown, and the way back is.
    page.open(&server.url("/?page=9"));
    assert!(names(&mut page).is_empty());
    assert_eq!(page.value(counted), json!("451 runs; page 9 is behind the last"));
    page.follow(".turns a");
    assert_eq!(page.value(counted), json!("451 runs; 401 to 451 are shown"));
    page.look((390, 844), "dark");
    page.open(&server.url("/?page=2"));
    assert_eq!(page.value(FITS), json!(true));
    page.value("document.querySelector('.turns').scrollIntoView()");
    page.picture("turns-390-dark");
}

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn a_field_of_a_map_opens_its_backtest() {
    let place = tempfile::tempdir().unwrap();
    runs(place.path());
    let server = Server::start(place.path(), &[]);
    let mut page = Chromium::start(place.path());
    page.look((1440, 900), "light");
    page.open(&server.url("/run/grid/"));
    page.wait("document.documentElement.classList.contains('drawn')");
    page.value("document.getElementById('chart-map').scrollIntoView({ block: 'center' })");
    // The middle of the first field, as a mouse finds it.
    let at = page.value(
        "(() => { const { left, top, width, height } = document.querySelector('#chart-map .nsewdrag').getBoundingClientRect();
         return [left + width / 12, top + height / 12]; })()",
    );
    let mouse = |kind: &str| json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 });
    page.call("Input.dispatchMouseEvent", &json!({ "type": "mouseMoved", "x": at[0], "y": at[1] }));
    page.wait("document.querySelector('#chart-map .hoverlayer .hovertext') !== null");
    page.call("Input.dispatchMouseEvent", &mouse("mousePressed"));
    page.call("Input.dispatchMouseEvent", &mouse("mouseReleased"));
    page.wait("/^.run.grid.cell.[0-9]+$/.test(location.pathname)");
}

/// A decision is printed and signed: what it asks for must be on the paper.
#[test]
#[ignore = "needs Chromium: make browser-test"]
fn a_printed_decision_has_its_orders_and_room_for_a_signature() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("holdings.csv"), "ticker,shares\nXLK,90\nXLF,200\n").unwrap();
    let study = repository().join("studies/mtum-all-eleven.toml");
    let output = Command::new(env!("CARGO_BIN_EXE_walkfolio"))
        .args(["decide", study.to_str().unwrap(), "--on", "2025-06-02", "--out", "decided"])
        .args(["--holdings", "holdings.csv", "--cash", "9000"])
        .current_dir(place.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut page = Chromium::start(place.path());
    page.look((390, 844), "light");
    let address = place.path().join("decided/report.html");
    page.open(&format!("file://{}", address.display()));
    assert_eq!(page.value(FITS), json!(true));
    page.call("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    for section in ["weights", "orders", "risk", "limits", "signatures"] {
        let shown = format!("document.getElementById('{section}').checkVisibility()");
        assert_eq!(page.value(&shown), json!(true), "{section} is not printed");
    }
}

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn pages_fit_a_phone_in_the_dark_and_work_without_a_script() {
    let place = tempfile::tempdir().unwrap();
    runs(place.path());
    let server = Server::start(place.path(), &[]);
    let mut page = Chromium::start(place.path());
    page.look((390, 844), "dark");
    for (name, address) in [
        ("table", "/"),
        ("fault", "/?filter=tee+%3C+1"),
        ("cells", "/run/grid/cells"),
        ("files", "/run/grid/files"),
        ("damaged", "/run/half/"),
        ("missing", "/run/none/"),
    ] {
        page.open(&server.url(address));
        assert_eq!(page.value(FITS), json!(true), "{address} is too wide");
        let dark = "getComputedStyle(document.body).backgroundColor";
        assert_eq!(page.value(dark), json!("rgb(20, 22, 26)"), "{address} is light");
        page.picture(&format!("{name}-390-dark"));
    }
    page.value("document.getElementById('theme').click()");
    assert_eq!(
        page.value("getComputedStyle(document.body).backgroundColor"),
        json!("rgb(253, 253, 251)")
    );
    page.call("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    page.open(&server.url("/?filter=kind+%3D+run&sort=-te"));
    assert_eq!(page.value(NAMES).as_array().unwrap().len(), 2);
    assert_eq!(
        page.value("getComputedStyle(document.getElementById('theme')).display"),
        json!("none")
    );
}

#[test]
#[ignore = "needs Chromium: make browser-test"]
fn progress_moves_without_a_reload_and_ends_with_figures() {
    let place = tempfile::tempdir().unwrap();
    runs(place.path());
    let server = Server::start(place.path(), &[]);
    let mut page = Chromium::start(place.path());
    page.look((1440, 900), "light");
    page.open(&server.url("/"));
    page.value("window.still = true");
    page.value("document.querySelector('input[value=all-eleven]').click()");
    let short = "walk_forward.last=2020-12-31";
    let more = ["--bulk", "--threads", "1", "--set", short, "--out", "runs/long"];
    let mut long = walkfolio(place.path(), "mtum-replica-tuned.toml", &more)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    page.wait("document.querySelector('tr[data-name=long] progress') !== null");
    let done = "document.querySelector('tr[data-name=long] progress')?.value ?? -1";
    page.wait(&format!("({done}) > 0"));
    let first = page.value(done).as_f64().unwrap();
    page.picture("running-1440-light");
    page.wait(&format!("({done}) > {first} || ({done}) < 0"));
    page.wait("/left/.test(document.querySelector('tr[data-name=long]').textContent) || document.querySelector('tr[data-name=long] .complete') !== null");
    assert!(long.wait().unwrap().success());
    page.wait("document.querySelector('tr[data-name=long] .complete') !== null");
    page.wait("document.querySelector('tr[data-name=long] td:last-child').textContent !== ''");
    assert_eq!(page.value("window.still"), json!(true), "the page was loaded again");
    let chosen = "document.querySelector('input[value=all-eleven]').checked";
    assert_eq!(page.value(chosen), json!(true), "what was chosen is forgotten");
}
