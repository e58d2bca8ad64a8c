//! Writes the reports of study files: `reports FOLDER [--data DATA] STUDY..`; without data on the
//! sample market.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use walkfolio::{Silent, Study};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let folder = arguments.next().ok_or("name a folder and some studies")?;
    let data = arguments.next_if(|argument| argument == "--data").and_then(|_| arguments.next());
    let data = data.as_deref().map(Path::new);
    for file in arguments {
        let study = Study::load(Path::new(&file), &[])?;
        let market = study.market(data)?;
        let (html, taken) = if study.config().grid().is_empty() {
            let run = study.run(&market, &Silent)?;
            let started = Instant::now();
            (walkfolio_report::html(&run)?, started.elapsed())
        } else {
            let grid = study.run_grid(&market, data, &Silent)?;
            let started = Instant::now();
            (walkfolio_report::grid_html(&grid)?, started.elapsed())
        };
        let path = Path::new(&folder).join(format!("{}.html", study.config().name()));
        std::fs::write(&path, &html)?;
        println!("{}: {} bytes, {taken:?}", path.display(), html.len());
    }
    Ok(())
}
