//! Writes the reports of study files: `reports FOLDER [--data DATA] STUDY..`; without data on the
//! sample market. Several backtests are also compared.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use walkfolio::{Findings, GridFindings, Run, Silent, Study};
use walkfolio_report::Side;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let folder = arguments.next().ok_or("name a folder and some studies")?;
    let data = arguments.next_if(|argument| argument == "--data").and_then(|_| arguments.next());
    let data = data.as_deref().map(Path::new);
    let mut runs: Vec<Run> = Vec::new();
    for file in arguments {
        let study = Study::load(Path::new(&file), &[])?;
        let market = study.market(data)?;
        let (files, taken) = if study.config().grid().is_empty() {
            let run = study.run(&market, &Silent)?;
            let started = Instant::now();
            let files = walkfolio_report::files(&run, &Findings::of(&run))?;
            runs.push(run);
            (files, started.elapsed())
        } else {
            let grid = study.run_grid(&market, data, &Silent)?;
            let started = Instant::now();
            (walkfolio_report::grid_files(&grid, &GridFindings::of(&grid))?, started.elapsed())
        };
        for (name, bytes) in &files {
            let path = Path::new(&folder).join(name.replace("report", study.config().name()));
            std::fs::write(&path, bytes)?;
            println!("{}: {} bytes", path.display(), bytes.len());
        }
        println!("{taken:?}");
    }
    let name = |run: &Run| run.manifest.study.clone();
    let names: Vec<String> = runs.iter().map(name).collect();
    let sides: Vec<Side<'_>> =
        runs.iter().zip(&names).map(|(run, name)| Side { name, place: name, run }).collect();
    if sides.len() > 1 {
        let html = walkfolio_report::compare_html(&sides, &[])?;
        std::fs::write(Path::new(&folder).join("compare.html"), html)?;
    }
    Ok(())
}
