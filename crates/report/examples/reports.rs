//! Writes the reports of study files on the sample market: `reports FOLDER STUDY..`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use walkfolio::{Silent, Study};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name a folder and some studies")?;
    for file in arguments {
        let study = Study::load(Path::new(&file), &[])?;
        let market = study.market(None)?;
        let (html, taken) = if study.config().grid().is_empty() {
            let run = study.run(&market, &Silent)?;
            let started = Instant::now();
            (walkfolio_report::html(&run)?, started.elapsed())
        } else {
            let grid = study.run_grid(&market, None, &Silent)?;
            let started = Instant::now();
            (walkfolio_report::grid_html(&grid)?, started.elapsed())
        };
        let path = Path::new(&folder).join(format!("{}.html", study.config().name()));
        std::fs::write(&path, &html)?;
        println!("{}: {} bytes, {taken:?}", path.display(), html.len());
    }
    Ok(())
}
