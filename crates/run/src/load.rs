//! The market of a study.

use std::path::{Path, PathBuf};

use walkfolio_core::{Market, Note, Ticker, Universe};
use walkfolio_data::layout::Layout;
use walkfolio_data::snapshot::Snapshot;
use walkfolio_data::{
    Blend, FactorModel, FactorRequest, FileRequest, ForecastRequest, Horizon, Loaded, Role,
    SignalRequest, ViewsRequest, load, read_forecasts, read_loadings, read_risk_free, read_signal,
    read_views, sample, tickers,
};
use walkfolio_estimate::expected_returns::{File, views_name};
use walkfolio_study::{
    EstimatorFile, FactorsSpec, FileContent, FilesSpec, PathsSpec, SourceSpec, Study, loadings_name,
};

use crate::account_files::read_account;
use crate::alike::alike;
use crate::{Error, Result};

/// Loads the market that the study names; `data` is a folder that takes the place of its source.
///
/// # Errors
/// [`Error::Market`] with the file and the place in it; [`Error::NoFiles`] if `data` is given
/// and the study names no files.
pub fn market(study: &Study, data: Option<&Path>) -> Result<Loaded> {
    let config = study.config();
    let mut loaded = match (config.source(), data) {
        (_, Some(folder)) => read_files(study, folder),
        (SourceSpec::Csv { dir, .. } | SourceSpec::Parquet { dir, .. }, None) => {
            read_files(study, &study.folder().join(dir.as_deref().unwrap_or("")))
        }
        (SourceSpec::Sample { seed }, None) => simulated(
            study,
            &sample::SampleRequest {
                seed: seed.unwrap_or(sample::DEFAULT_SEED),
                assets: config.universe().cloned().ok_or_else(|| {
                    let message =
                        "\"*\" stands for the assets of a file, and the sample market has none";
                    let hint = "name the assets, or give a folder with --data".to_owned();
                    study.error_at("market.assets", message.to_owned(), Some(hint))
                })?,
                benchmark: config.benchmark().filter(|_| config.blend().is_none()).cloned(),
                factors: sample_factors(study)?,
            },
        ),
    }?;
    read_signals(study, &mut loaded, data, None)?;
    read_estimator_files(study, &mut loaded, data, None)?;
    read_rate(study, &mut loaded, data, None)?;
    let folder = data_folder(study, data).unwrap_or_else(|| study.folder());
    read_account(study, &mut loaded, &folder, || request(study, &folder))?;
    check_dates(study, &loaded)?;
    loaded.notes.extend(alike(study, &loaded.market));
    Ok(loaded)
}

/// The sample market, with a blend of its funds as benchmark if the study has one.
fn simulated(study: &Study, request: &sample::SampleRequest) -> Result<Loaded> {
    let of = |request: &sample::SampleRequest| {
        sample::load(request).map_err(|error| placed(study, error))
    };
    let mut loaded = of(request)?;
    if let Some(blend) = study.config().blend() {
        let assets = Universe::from_tickers(blend.tickers().cloned().collect())?;
        let factors = sample::SampleFactors::None;
        let parts = of(&sample::SampleRequest { assets, factors, ..request.clone() })?;
        let prices = blend.prices(parts.market.prices())?;
        loaded.market = loaded.market.with_benchmark(prices)?;
    }
    Ok(loaded)
}

/// The folder that the study's files are read from, if it reads any: `data`, or else its source's.
pub fn data_folder(study: &Study, data: Option<&Path>) -> Option<PathBuf> {
    match (data, study.config().source()) {
        (Some(folder), _) => Some(folder.to_path_buf()),
        (None, SourceSpec::Csv { dir, .. } | SourceSpec::Parquet { dir, .. }) => {
            Some(study.folder().join(dir.as_deref().unwrap_or("")))
        }
        (None, SourceSpec::Sample { .. }) => None,
    }
}

/// The market of files of which a decision knows a part.
pub(crate) fn known_market(
    study: &Study,
    (folder, request): (&Path, &FileRequest),
    horizon: Horizon,
) -> Result<Market> {
    let request = FileRequest { horizon: Some(horizon), ..request.clone() };
    let mut loaded = load(&request)?;
    let signals = horizon.only.is_none_or(|only| only == Role::Signals).then_some(&horizon);
    read_signals(study, &mut loaded, Some(folder), signals)?;
    read_estimator_files(study, &mut loaded, Some(folder), Some(&horizon))?;
    let rate = horizon.only.is_none_or(|only| only == Role::RiskFree).then_some(&horizon);
    read_rate(study, &mut loaded, Some(folder), rate)?;
    Ok(loaded.market)
}

/// Puts the study's own risk-free rate in the place of the factors'.
fn read_rate(
    study: &Study,
    loaded: &mut Loaded,
    data: Option<&Path>,
    horizon: Option<&Horizon>,
) -> Result<()> {
    let folder = data_folder(study, data).unwrap_or_else(|| study.folder());
    let Some(rate) = study.config().risk_free(&folder) else { return Ok(()) };
    let read = match read_risk_free(&rate, loaded.market.dates(), horizon) {
        // The file was read whole before: at this horizon it has not begun.
        Err(_) if horizon.is_some() => return Ok(()),
        read => read?,
    };
    if loaded.market.factors().is_some() {
        let message = "the risk-free rate is that of market.risk_free; RF of the factors serves their market return alone";
        loaded.notes.push(Note::info(message.to_owned()));
    }
    loaded.market = loaded.market.clone().with_cash(read.series);
    loaded.sources.extend(read.record);
    Ok(())
}

fn sample_factors(study: &Study) -> Result<sample::SampleFactors> {
    match study.config().spec().market.factors.map(|factors| factors.model) {
        None => Ok(sample::SampleFactors::None),
        Some(FactorModel::French3) => Ok(sample::SampleFactors::FrenchThree),
        Some(other) => {
            let message = format!("the sample market has no factors of {}", other.as_str());
            let hint = "write \"french3\", or read prices and factors from files".to_owned();
            Err(study.error_at("market.factors", message, Some(hint)).into())
        }
    }
}

/// Adds the signals that the study's features read.
fn read_signals(
    study: &Study,
    loaded: &mut Loaded,
    data: Option<&Path>,
    horizon: Option<&Horizon>,
) -> Result<()> {
    let config = study.config();
    let classifier = config.selection().classifier();
    let extra = classifier.map_or(&[][..], |classifier| &classifier.features.extra.0);
    let folder = data_folder(study, data).unwrap_or_else(|| study.folder());
    for feature in extra {
        let name = feature.kind.name();
        let read = read_signal(
            &SignalRequest {
                name: name.to_owned(),
                kind: feature.kind,
                path: folder.join(&feature.file),
                csv: config.spec().market.csv.clone().unwrap_or_default(),
                horizon: horizon.copied(),
            },
            loaded.market.universe(),
        )?;
        loaded.market = loaded.market.clone().with_signal(read.signal)?;
        loaded.sources.push(read.record);
        loaded.notes.extend(read.notes);
    }
    Ok(())
}

/// Adds the forecasts, views and loadings that the study's estimators and constraints read.
fn read_estimator_files(
    study: &Study,
    loaded: &mut Loaded,
    data: Option<&Path>,
    horizon: Option<&Horizon>,
) -> Result<()> {
    let folder = data_folder(study, data).unwrap_or_else(|| study.folder());
    let csv = study.config().spec().market.csv.clone().unwrap_or_default();
    for EstimatorFile { content, file, .. } in study.estimator_files() {
        let path = folder.join(&file);
        let attacked = |role| horizon.filter(|own| own.only.is_none_or(|only| only == role));
        let universe = loaded.market.universe();
        match content {
            FileContent::Forecasts => {
                let horizon = attacked(Role::Forecasts).copied();
                let name = File::signal(&file);
                let request = ForecastRequest { name, path, csv: csv.clone(), horizon };
                let read = read_forecasts(&request, universe)?;
                loaded.market = loaded.market.clone().with_signal(read.signal)?;
                loaded.sources.push(read.record);
                loaded.notes.extend(read.notes);
            }
            FileContent::Loadings => {
                let horizon = attacked(Role::Loadings).copied();
                let name = loadings_name(&file);
                let request = ForecastRequest { name, path, csv: csv.clone(), horizon };
                let read = read_loadings(&request, universe)?;
                loaded.market = loaded.market.clone().with_signal(read.signal)?;
                loaded.sources.push(read.record);
                loaded.notes.extend(read.notes);
            }
            FileContent::Views => {
                let horizon = horizon.copied();
                let name = views_name(&file);
                let request = ViewsRequest { name, path, csv: csv.clone(), horizon };
                let read = read_views(&request, universe)?;
                loaded.market = loaded.market.clone().with_views(read.views);
                loaded.sources.push(read.record);
                loaded.notes.extend(read.notes);
            }
        }
    }
    Ok(())
}

fn layout(source: &SourceSpec) -> Option<Layout> {
    match source {
        SourceSpec::Csv { layout, .. } | SourceSpec::Parquet { layout, .. } => *layout,
        SourceSpec::Sample { .. } => None,
    }
}

/// Every ticker but the benchmark.
fn all(found: Vec<Ticker>, benchmark: Option<&Ticker>) -> Result<Universe> {
    let assets = found.into_iter().filter(|ticker| Some(ticker) != benchmark).collect();
    Ok(Universe::from_tickers(assets).map_err(walkfolio_data::Error::from)?)
}

/// Every date of the study must lie inside the data.
fn check_dates(study: &Study, loaded: &Loaded) -> Result<()> {
    let dates = loaded.market.dates();
    let (first, last) = (dates[0], dates[dates.len() - 1]);
    let spec = study.config().spec();
    let keys = [
        ("market.first", spec.market.first),
        ("walk_forward.first", spec.walk_forward.first),
        ("walk_forward.last", spec.walk_forward.last),
        ("measure.first", spec.measure.first),
    ];
    for (key, date) in keys {
        if let Some(date) = date.filter(|date| *date < first || *date > last) {
            let hint = "choose a date inside the data, or supply a longer file";
            let message =
                format!("{date} lies outside the data, which runs from {first} to {last}");
            return Err(study.error_at(key, message, Some(hint.to_owned())).into());
        }
    }
    Ok(())
}

fn read_files(study: &Study, folder: &Path) -> Result<Loaded> {
    load(&request(study, folder)?).map_err(|error| placed(study, error))
}

/// What the study reads below a folder.
pub(crate) fn request(study: &Study, folder: &Path) -> Result<FileRequest> {
    let config = study.config();
    let (mut prices, benchmark_prices, factors) = if Snapshot::is_at(folder) {
        // A snapshot holds everything under its tickers' names, whatever files the study names.
        (vec![folder.to_path_buf()], None, snapshot_factors(study, folder)?)
    } else {
        let files = config.files().ok_or(Error::NoFiles)?;
        let benchmark = files.benchmark.as_ref().map(|file| folder.join(file));
        let prices = files.prices.names().iter().map(|file| folder.join(file)).collect();
        (prices, benchmark, factor_file(study, folder, files)?)
    };
    let benchmark = config.benchmark().cloned();
    let csv = config.spec().market.csv.clone().unwrap_or_default();
    let assets = if let Some(named) = config.universe() {
        named.clone()
    } else {
        let mut found = Vec::new();
        for file in &prices {
            found.extend(tickers(file, layout(config.source()), &csv)?);
        }
        found.sort();
        // A ticker in two files is reported with both of them.
        found.dedup();
        if config.spec().market.index.is_some() {
            check_index_name(study, &found, benchmark.as_ref())?;
        }
        let parts: Vec<&Ticker> = config.blend().into_iter().flat_map(Blend::tickers).collect();
        found.retain(|ticker| !parts.contains(&ticker));
        all(found, benchmark.as_ref())?
    };
    let also = prices.split_off(1.min(prices.len()));
    let prices = prices.pop().ok_or(Error::NoFiles)?;
    Ok(FileRequest {
        also,
        benchmark_prices,
        factors,
        benchmark,
        blend: config.blend().cloned(),
        currency: config.currency(folder),
        layout: layout(config.source()),
        csv,
        cleaning: config.cleaning().clone(),
        calendar: config.spec().market.calendar,
        benchmark_files: config.benchmark_files(folder),
        volumes: config.volume_files(folder),
        point_in_time: config.point_in_time(folder),
        ..FileRequest::new(prices, assets)
    })
}

/// An index bears no name of the price file: its own prices there would be passed over.
fn check_index_name(study: &Study, found: &[Ticker], index: Option<&Ticker>) -> Result<()> {
    match index.filter(|index| found.contains(index)) {
        None => Ok(()),
        Some(index) => {
            let message = format!("{index} is in the price file, and market.index makes its own");
            let hint = "give the index another name, or remove market.index".to_owned();
            Err(study.error_at("market.benchmark", message, Some(hint)).into())
        }
    }
}

fn factor_file(study: &Study, folder: &Path, files: &FilesSpec) -> Result<Option<FactorRequest>> {
    let Some(FactorsSpec { model, unit }) = study.config().spec().market.factors else {
        return Ok(None);
    };
    let files = files.factors.as_ref().map(PathsSpec::names).unwrap_or_default();
    if files.is_empty() {
        return Err(Error::NoFactorFile);
    }
    let files = files.iter().map(|file| folder.join(file)).collect();
    Ok(Some(FactorRequest { files, model, unit }))
}

fn snapshot_factors(study: &Study, folder: &Path) -> Result<Option<FactorRequest>> {
    let Some(FactorsSpec { model, unit }) = study.config().spec().market.factors else {
        return Ok(None);
    };
    let factors = Snapshot::open(folder)?.factors()?;
    let missing = || Error::NoSnapshotFactors { path: folder.to_path_buf() };
    let files = vec![factors.ok_or_else(missing)?];
    Ok(Some(FactorRequest { files, model, unit }))
}

/// Puts what is wrong with the study's names beside their line.
pub(crate) fn placed(study: &Study, error: walkfolio_data::Error) -> Error {
    if let walkfolio_data::Error::Quotes(lacking) = &error {
        return study.error_at("costs.impact", lacking.to_string(), error.hint()).into();
    }
    let walkfolio_data::Error::Core(core) = &error else { return error.into() };
    let walkfolio_core::Error::UnknownAsset { asset, .. } = core else { return error.into() };
    let position = study.config().universe().and_then(|named| named.position(asset.as_str()));
    let key = match position {
        Some(position) => format!("market.assets[{position}]"),
        None => "market.benchmark".to_owned(),
    };
    study.error_at(&key, core.to_string(), core.hint()).into()
}
