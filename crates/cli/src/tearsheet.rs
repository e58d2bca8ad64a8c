//! `walkfolio tearsheet`.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use walkfolio::foreign::{Around, Kind, SeriesError, SeriesFile, run_of};
use walkfolio::record::ReturnRow;
use walkfolio::{Date, Findings, Run};

use crate::args::TearsheetOptions;
use crate::failure::Failure;

pub fn tearsheet(options: &TearsheetOptions) -> Result<ExitCode, Failure> {
    let run = read(options).map_err(|error| Failure::plain(error.to_string(), error.hint()))?;
    let findings = Findings::of(&run);
    let html = walkfolio::report::tearsheet_html(&run, &findings)
        .map_err(|error| Failure::plain(error.to_string(), None))?;
    let path = place(options);
    walkfolio::write_file(&path, html.as_ref()).map_err(|error| {
        Failure::plain(format!("{} cannot be written: {error}", path.display()), None)
    })?;
    if options.json {
        let all = json!({
            "name": run.manifest.study,
            "sources": run.manifest.sources,
            "measures": run.measures.full,
            "benchmark": run.benchmark.as_ref().map(|set| &set.full),
            "key_figures": findings.key_figures,
            "track": findings.track,
            "calendar": findings.calendar,
            "assessment": findings.assessment,
        });
        say!("{all}");
    } else {
        said(&run, options);
        say!("\n{}.\n\ntear sheet  {}", findings.assessment.sentence, path.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn read(options: &TearsheetOptions) -> Result<Run, SeriesError> {
    let kind = |word: Option<&String>| word.and_then(|word| Kind::from_word(word));
    let own = SeriesFile {
        path: &options.series,
        column: options.column.as_deref(),
        kind: kind(options.kind.as_ref()),
    };
    let benchmark = options.benchmark.as_deref().map(|path| SeriesFile {
        path,
        column: options.benchmark_column.as_deref(),
        kind: kind(options.benchmark_kind.as_ref()),
    });
    let around = Around {
        name: options.name.as_deref(),
        risk_free: options.risk_free,
        periods_per_year: options.periods_per_year,
    };
    run_of(&own, benchmark.as_ref(), &around)
}

/// What was found out by looking, and how to say otherwise.
fn said(run: &Run, options: &TearsheetOptions) {
    let year = run.manifest.resolved.periods_per_year.number().unwrap_or(1.0);
    for (source, told) in run.manifest.sources.iter().zip([&options.kind, &options.benchmark_kind])
    {
        let how = if told.is_some() { "as told" } else { "by looking" };
        say!(
            "{}: {} ({how}), {} rows, {}",
            source.name,
            source.format,
            source.rows,
            source.range()
        );
    }
    let how = if options.periods_per_year.is_some() { "as told" } else { "by their dates" };
    let rows = &run.returns;
    let beside = rows.iter().filter(|row| row.benchmark.is_some()).count();
    let of = match &run.manifest.benchmark {
        Some(name) if beside < rows.len() => format!("; {name} has {beside} of them"),
        _ => String::new(),
    };
    say!("{} returns, {year} a year ({how}){of}", rows.len());
    if let Some((from, to, days)) = widest_gap(rows) {
        say!(
            "warning: no value between {from} and {to}, {days} days: the return after them is of one period"
        );
    }
}

/// The widest gap between two dates, where it is many times as wide as the others.
fn widest_gap(rows: &[ReturnRow]) -> Option<(Date, Date, i32)> {
    let days = |two: &[ReturnRow]| two[0].date.until(two[1].date).map_or(0, |s| s.get_days());
    let mut steps: Vec<i32> = rows.windows(2).map(days).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len() / 2)?;
    let widest = rows.windows(2).max_by_key(|two| days(two))?;
    (days(widest) > 3 * usual + 7).then(|| (widest[0].date, widest[1].date, days(widest)))
}

/// Where the page goes: beside the series without `--out`.
fn place(options: &TearsheetOptions) -> PathBuf {
    let stem = options
        .series
        .file_stem()
        .map_or_else(|| "series".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let name = format!("{stem}-tearsheet.html");
    match &options.out {
        Some(out) if out.is_dir() => out.join(name),
        Some(out) => out.clone(),
        None => PathBuf::from(name),
    }
}
