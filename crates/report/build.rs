//! Deflates the plotting library: the program and every page carry a part of its size, as the text that
//! a page holds, and no crate of it.

use std::env::var_os;
use std::error::Error;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use plotly::Plot;

#[path = "src/base64.rs"]
mod base64;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/base64.rs");
    let out = var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    let mut deflated = GzEncoder::new(Vec::new(), Compression::best());
    let script = spaced(script(&Plot::offline_js_sources())?)?;
    deflated.write_all(script.as_bytes())?;
    std::fs::write(Path::new(&out).join("plotly.js.gz.txt"), base64::encoded(&deflated.finish()?))?;
    Ok(())
}

/// With percents as the page writes them: a narrow space before the sign.
fn spaced(script: &str) -> Result<String, &'static str> {
    let (default, ours) = ("percent===void 0?\"%\"", "percent===void 0?\"\u{202f}%\"");
    match script.matches(default).count() {
        1 => Ok(script.replacen(default, ours, 1)),
        _ => Err("plotly writes percents in another way"),
    }
}

/// The library's source, without the typesetter that comes with it.
fn script(sources: &str) -> Result<&str, &'static str> {
    let (_, rest) = sources
        .split_once("<script type=\"text/javascript\">")
        .ok_or("plotly's sources begin with no script")?;
    let (script, _) = rest.split_once("</script>").ok_or("plotly's script has no end")?;
    if script.contains("plotly.js v") { Ok(script) } else { Err("the first script is another one") }
}
