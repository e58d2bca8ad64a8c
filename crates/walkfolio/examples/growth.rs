//! How the time of a solve grows with the number of assets: a picture of the last `make bench`.
//!
//! `cargo run --release -p walkfolio --example growth > docs/images/growth.svg`

#![allow(clippy::format_push_string)] // a picture of a few lines

use std::error::Error;
use std::path::PathBuf;

const GROUP: &str = "tracking QP by size, warm by one month";
const SIZES: [usize; 5] = [25, 50, 100, 200, 500];
const SOLVES: f64 = 5.0;
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut body = String::new();
    for (series, colour) in [("Clarabel", "#b35806"), ("kernel", "#1f5fa8")] {
        let points: Vec<(f64, f64)> = SIZES
            .iter()
            .map(|&n| Ok((n as f64, seconds(series, n)?)))
            .collect::<Result<_, Box<dyn Error>>>()?;
        body.push_str(&line(series, colour, &points));
    }
    println!("{}", page(&body));
    Ok(())
}

/// The median time of one solve.
fn seconds(series: &str, n: usize) -> Result<f64, Box<dyn Error>> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let path = target.join("criterion").join(GROUP).join(series).join(n.to_string());
    let text = std::fs::read_to_string(path.join("new").join("estimates.json"))?;
    let estimates: serde_json::Value = serde_json::from_str(&text)?;
    let median = estimates["median"]["point_estimate"].as_f64().ok_or("no median")?;
    Ok(median * 1e-9 / SOLVES)
}

fn x(n: f64) -> f64 {
    70.0 + (n / 20.0).log10() / 1.5 * (WIDTH - 190.0)
}

/// From 1 us at the bottom to 1 s at the top.
fn y(seconds: f64) -> f64 {
    HEIGHT - 50.0 - (seconds * 1e6).log10() / 6.0 * (HEIGHT - 90.0)
}

fn line(name: &str, colour: &str, points: &[(f64, f64)]) -> String {
    let path: Vec<String> =
        points.iter().map(|(n, s)| format!("{:.1},{:.1}", x(*n), y(*s))).collect();
    let mut text = format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n",
        path.join(" ")
    );
    for (n, s) in points {
        text += &format!(
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{colour}\"/>\n",
            x(*n),
            y(*s)
        );
    }
    if let Some((n, s)) = points.last() {
        text += &format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}, {}</text>\n",
            x(*n) + 8.0,
            y(*s) + 4.0,
            label(*s)
        );
    }
    text
}

fn label(seconds: f64) -> String {
    if seconds < 1e-3 {
        format!("{:.0} us", seconds * 1e6)
    } else {
        format!("{:.1} ms", seconds * 1e3)
    }
}

fn page(body: &str) -> String {
    let mut grid = String::new();
    let names = ["1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s"];
    for (power, name) in (-6..=0).zip(names) {
        let at = y(10f64.powi(power));
        grid += &format!(
            "<line x1=\"70\" x2=\"{:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>\n<text x=\"62\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>\n",
            WIDTH - 110.0,
            at + 4.0
        );
    }
    for n in SIZES {
        grid += &format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{n}</text>\n",
            x(n as f64),
            HEIGHT - 30.0
        );
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#444\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"70\" y=\"22\" font-size=\"14\">One tracking solve by number of assets, the window moved by a month</text>\n{grid}{body}<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">assets</text>\n</svg>",
        (WIDTH - 40.0) / 2.0,
        HEIGHT - 10.0
    )
}
