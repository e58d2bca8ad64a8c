//! The page of a run printed by an installed Chromium.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use walkfolio::report::File;

use crate::failure::Failure;

/// What Chromium is called, by system.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
/// Milliseconds that the charts have to be drawn in, of a clock that runs as fast as the work allows.
const BUDGET: u32 = 60_000;

/// The page among some files as a PDF on a paper, `a4` or `letter`.
pub fn printed(files: &[File], paper: &str) -> Result<Vec<u8>, Failure> {
    let page = files.iter().find(|(name, _)| *name == "report.html");
    let page = page.map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default();
    // The paper is the reader's choice; here it is asked for.
    let style = format!("<style>@page {{ size: {paper}; }}</style></head>");
    let page = page.replacen("</head>", &style, 1);
    let browser = browser().ok_or_else(|| {
        let hint = "install Chromium, or name one in CHROMIUM; any browser prints the page, too";
        Failure::plain(
            "--pdf needs Chromium, and none is installed".to_owned(),
            Some(hint.to_owned()),
        )
    })?;
    let place = std::env::temp_dir().join(format!("walkfolio-print-{}", std::process::id()));
    let bytes = print(&browser, &place, &page);
    let _ = std::fs::remove_dir_all(&place);
    bytes.map_err(|error| {
        let hint = "try to open report.html in it";
        Failure::plain(
            format!("{} does not print: {error}", browser.display()),
            Some(hint.to_owned()),
        )
    })
}

fn print(browser: &Path, place: &Path, page: &str) -> std::io::Result<Vec<u8>> {
    std::fs::create_dir_all(place)?;
    let (html, pdf) = (place.join("report.html"), place.join("report.pdf"));
    std::fs::write(&html, page)?;
    Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", place.join("profile").display()))
        .arg(format!("--virtual-time-budget={BUDGET}"))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg("--no-pdf-header-footer")
        .arg(&html)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    std::fs::read(&pdf)
}

/// The one that `CHROMIUM` names, or the first in the path.
fn browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|file| file.is_file())
}
