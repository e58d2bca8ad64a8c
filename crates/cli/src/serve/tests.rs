//! Routing, refusals, confinement and escaping, without a socket.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

use std::fs;
use std::path::Path;

use hyper::http::request::Parts;
use hyper::{Request, StatusCode};
use walkfolio::Study;

use super::reply::Reply;
use super::request::Hosts;
use super::routes::answer;
use super::site::Site;

/// A request for an address of a host.
fn request(method: &str, address: &str, headers: &[(&str, &str)]) -> Parts {
    let mut builder = Request::builder().method(method).uri(address);
    if headers.iter().all(|(name, _)| *name != "host") {
        builder = builder.header("host", "127.0.0.1:8137");
    }
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(()).unwrap().into_parts().0
}

fn site(folder: &Path) -> Site {
    let hosts = Hosts { address: [127, 0, 0, 1].into(), name: "127.0.0.1".to_owned() };
    Site::open(folder, hosts).unwrap_or_else(|failure| panic!("{failure}"))
}

fn get(site: &Site, address: &str) -> (StatusCode, String) {
    read(&answer(site, &request("GET", address, &[])))
}

fn read(reply: &Reply) -> (StatusCode, String) {
    (reply.status(), String::from_utf8_lossy(reply.body()).into_owned())
}

/// A folder of runs, which is in a folder with a secret.
fn place() -> (tempfile::TempDir, Site) {
    let place = tempfile::tempdir().unwrap();
    let runs = place.path().join("runs");
    fs::create_dir(&runs).unwrap();
    fs::write(place.path().join("secret"), "SECRET").unwrap();
    fs::write(place.path().join("run.json"), "SECRET").unwrap();
    let site = site(&runs);
    (place, site)
}

/// A small backtest in it.
fn with_run(site: &Site, name: &str, more: &[&str]) {
    let studies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies");
    let set: Vec<String> =
        ["walk_forward.last=2020-03-31"].iter().chain(more).map(ToString::to_string).collect();
    let study = Study::load(&studies.join("mtum-all-eleven.toml"), &set).unwrap();
    study.to_folder(site.folder.join(name)).bulk().run().unwrap();
}

#[test]
fn only_reading_is_answered() {
    let (_place, site) = place();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"] {
        let reply = answer(&site, &request(method, "/", &[]));
        assert_eq!(reply.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(reply.headers()["allow"], "GET, HEAD");
    }
    assert_eq!(answer(&site, &request("HEAD", "/", &[])).status(), StatusCode::OK);
    assert_eq!(get(&site, "/").0, StatusCode::OK);
    assert_eq!(get(&site, "/nothing").0, StatusCode::NOT_FOUND);
}

#[test]
fn a_host_of_another_name_is_refused() {
    let (_place, site) = place();
    let of = |host: &str| answer(&site, &request("GET", "/", &[("host", host)])).status();
    for host in
        ["127.0.0.1", "127.0.0.1:9", "localhost:8137", "LOCALHOST", "[::1]:8137", "127.0.0.2"]
    {
        assert_eq!(of(host), StatusCode::OK, "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:8137",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "",
        "localhost.evil",
    ] {
        assert_eq!(of(host), StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    let none = Request::builder().uri("/").body(()).unwrap().into_parts().0;
    assert_eq!(answer(&site, &none).status(), StatusCode::MISDIRECTED_REQUEST);
    let two =
        Request::builder().uri("/").header("host", "localhost").header("host", "evil.example");
    let two = two.body(()).unwrap().into_parts().0;
    assert_eq!(answer(&site, &two).status(), StatusCode::MISDIRECTED_REQUEST);
}

#[test]
fn a_host_that_was_named_is_allowed_and_other_names_are_not() {
    let hosts = Hosts { address: [0, 0, 0, 0].into(), name: "desk.example".to_owned() };
    let allowed =
        |host: &str| super::request::read(&request("GET", "/", &[("host", host)]), &hosts).is_ok();
    assert!(allowed("desk.example:80") && allowed("10.1.2.3:8137") && allowed("localhost"));
    assert!(!allowed("evil.example") && !allowed("desk.example.evil.example"));
}

#[test]
fn another_site_may_lead_here_but_not_fetch() {
    let (_place, site) = place();
    let from = |mode: &str| {
        let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode)];
        answer(&site, &request("GET", "/", &headers)).status()
    };
    assert_eq!(from("no-cors"), StatusCode::FORBIDDEN);
    assert_eq!(from("cors"), StatusCode::FORBIDDEN);
    assert_eq!(from("navigate"), StatusCode::OK);
}

#[test]
fn every_answer_forbids_what_is_not_from_here() {
    let (_place, site) = place();
    with_run(&site, "one", &[]);
    for address in [
        "/",
        "/style.css",
        "/served.js",
        "/state",
        "/run/one/",
        "/run/one/files",
        "/nothing",
        "/compare",
    ] {
        let reply = answer(&site, &request("GET", address, &[]));
        let header = |name: &str| reply.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{address}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{address}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        // Only a report, which the program has made, holds its script in itself.
        assert_eq!(policy.contains("unsafe-inline"), address == "/run/one/", "{address}");
        let body = String::from_utf8_lossy(reply.body());
        let asks = ["src=\"http", "src=\"//", "@import", "url(http"];
        assert!(asks.iter().all(|ask| !body.contains(ask)), "{address} asks for something");
    }
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let (_place, site) = place();
    with_run(&site, "one", &[]);
    fs::write(site.folder.join("loose.txt"), "SECRET").unwrap();
    let addresses = [
        "/../secret",
        "/%2e%2e/secret",
        "/run/../",
        "/run/%2e%2e/",
        "/run/..%2f/",
        "/run/%2E%2E/file/secret",
        "/run/%2e%2e/file/run.json",
        "/run/./file/loose.txt",
        "/run/one/file/..%2floose.txt",
        "/run/one/file/%2e%2e%2floose.txt",
        "/run/one/file/..%5cloose.txt",
        "/run/one/file/.checkpoint",
        "/run/one%00/",
        "/run/one%2f../file/run.json",
        "/run/one/../../secret",
        "/run//file/secret",
        "/run/%ff/",
        "/run/%/",
        "/compare?run=../secret&run=one",
        "/compare?run=%2e%2e&run=one",
    ];
    for address in addresses {
        let (status, body) = get(&site, address);
        assert!(status.is_client_error(), "{address}: {status}");
        assert!(!body.contains("SECRET"), "{address}");
    }
    assert_eq!(get(&site, "/run/one/file/run.json").0, StatusCode::OK);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out() {
    use std::os::unix::fs::symlink;
    let (place, site) = place();
    with_run(&site, "one", &[]);
    with_run(&site, "two", &[]);
    let outside = place.path().join("outside");
    fs::rename(site.folder.join("two"), &outside).unwrap();
    symlink(&outside, site.folder.join("two")).unwrap();
    assert_eq!(get(&site, "/run/two/").0, StatusCode::NOT_FOUND);
    assert!(get(&site, "/").1.contains("is a link to a place outside"));
    // A file of a run that leads out: neither saved nor read as a table.
    let table = site.folder.join("one/returns.parquet");
    fs::remove_file(&table).unwrap();
    symlink(outside.join("returns.parquet"), &table).unwrap();
    assert_eq!(get(&site, "/run/one/file/returns.parquet").0, StatusCode::NOT_FOUND);
    let (status, body) = get(&site, "/run/one/");
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.contains("returns.parquet of the run `one` is no file of its folder"), "{body}");
}

#[test]
fn names_are_escaped_wherever_they_are_shown() {
    let (_place, site) = place();
    let (name, hostile) = ("a&b\"'<i>x", "<script>alert(1)</script>");
    with_run(&site, name, &[]);
    let manifest = site.folder.join(name).join("run.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let own = "\"study\": \"mtum-all-eleven\"";
    assert!(text.contains(own));
    fs::write(&manifest, text.replacen(own, &format!("\"study\": \"{hostile}\""), 1)).unwrap();
    fs::create_dir(site.folder.join("bad<b>")).unwrap();
    fs::write(site.folder.join("bad<b>/run.json"), "{\"<u>\": }").unwrap();
    let folder = "/run/a%26b%22%27%3Ci%3Ex/";
    let filter = "/?filter=%22%3E%3Cscript%3Ealert(2)%3C%2Fscript%3E&sort=%22%3E%3Cb%3E";
    for address in ["/", folder, &format!("{folder}files"), filter, "/run/%3Cscript%3Ealert(3)/"] {
        let (status, body) = get(&site, address);
        for tag in ["<script>alert", "<i>x", "bad<b>", "\"><b>"] {
            assert!(!body.contains(tag), "{address}: {tag}");
        }
        assert!(address != folder || status == StatusCode::OK, "{address}: {status}");
    }
    assert!(get(&site, "/").1.contains("&lt;i&gt;x"));
    assert!(get(&site, folder).1.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn a_filter_is_that_of_the_catalogue() {
    let (_place, site) = place();
    with_run(&site, "one", &[]);
    with_run(&site, "two", &["walk_forward.every='quarter'"]);
    let body = get(&site, "/?filter=run+%3D+two").1;
    assert!(body.contains("data-name=\"two\"") && !body.contains("data-name=\"one\""));
    assert!(body.contains("1 of 2 runs match"));
    let (status, body) = get(&site, "/?filter=tee+%3C+0.2");
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("unknown key `tee`") && body.contains("<mark>tee</mark>"), "{body}");
    assert!(body.contains("did you mean `te`?"));
    // In order, and the other way round.
    let order = |sort: &str| {
        let body = get(&site, &format!("/?sort={sort}")).1;
        body.find("data-name=\"one\"").unwrap() < body.find("data-name=\"two\"").unwrap()
    };
    assert_ne!(order("te"), order("-te"));
    // The heading is marked whatever name its key was asked for by.
    for (sort, marked) in [("te", "ascending"), ("-tracking_error", "descending")] {
        let body = get(&site, &format!("/?sort={sort}")).1;
        assert_eq!(body.matches(&format!("aria-sort=\"{marked}\"")).count(), 1, "{sort}");
    }
    assert!(!get(&site, "/").1.contains("ascending"));
    assert_eq!(get(&site, "/?sort=nonsense").0, StatusCode::BAD_REQUEST);
}

#[test]
fn what_cannot_be_shown_says_why() {
    let (_place, site) = place();
    with_run(&site, "one", &[]);
    let said = |address: &str, status: StatusCode, words: &str| {
        let (found, body) = get(&site, address);
        assert_eq!(found, status, "{address}");
        let body = body.replace("&#x27;", "'").replace("&#x2f;", "/");
        assert!(body.contains(words), "{address}: {words} is not in {body}");
    };
    said("/run/none/", StatusCode::NOT_FOUND, "there is no run `none`");
    said("/compare?run=one", StatusCode::CONFLICT, "a comparison is of two runs or more; 1 chosen");
    said("/run/one/cells", StatusCode::NOT_FOUND, "it is one backtest, not a grid");
    fs::write(site.folder.join("one/returns.parquet"), "damaged").unwrap();
    said("/run/one/", StatusCode::UNPROCESSABLE_ENTITY, "returns.parquet");
    fs::write(site.folder.join("one/run.json"), "{").unwrap();
    said("/run/one/", StatusCode::UNPROCESSABLE_ENTITY, "run.json");
    said("/", StatusCode::OK, "damaged");
    fs::remove_dir_all(site.folder.join("one")).unwrap();
    said("/", StatusCode::OK, "There are no runs yet");
}

#[test]
fn runs_on_other_dates_are_compared_only_on_demand() {
    let (_place, site) = place();
    with_run(&site, "one", &[]);
    with_run(&site, "two", &["walk_forward.last=2020-02-28"]);
    let (status, body) = get(&site, "/compare?run=one&run=two");
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(body.contains("the measured samples differ"), "{body}");
    let (status, body) = get(&site, "/compare?run=one&run=two&force=yes");
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("2 runs side by side") && body.contains("Not alike"));
}

#[test]
fn a_grid_opens_its_backtests() {
    let (_place, site) = place();
    with_run(
        &site,
        "grid",
        &[
            "grid={ \"walk_forward.every\" = [\"month\", \"quarter\"], \"costs.per_side_bps\" = [0, 5] }",
        ],
    );
    let (status, body) = get(&site, "/run/grid/");
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("data-cells=\"cell&#x2f;\""));
    let (_, body) = get(&site, "/run/grid/cells?filter=costs.per_side_bps+%3D+5&sort=-te");
    assert!(body.contains("2 of 4 backtests match"), "{body}");
    let (status, body) = get(&site, "/run/grid/cell/2");
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(body.contains("Cell 2: costs.per_side_bps") && body.contains("Tear sheet"), "{body}");
    for wrong in ["0", "5", "x", "-1", "99999999999999999999"] {
        assert_eq!(get(&site, &format!("/run/grid/cell/{wrong}")).0, StatusCode::NOT_FOUND);
    }
}

#[test]
fn nothing_is_written() {
    let (place, site) = place();
    with_run(&site, "one", &[]);
    let names = |folder: &Path| {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let all = || {
        [place.path().to_owned(), site.folder.clone(), site.folder.join("one")].map(|f| names(&f))
    };
    let before = all();
    for address in ["/", "/state", "/run/one/", "/run/one/files", "/?filter=te+%3C+1"] {
        assert_eq!(get(&site, address).0, StatusCode::OK);
    }
    assert_eq!(all(), before);
}
