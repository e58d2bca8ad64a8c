//! A section of a page: its words, what its chart is drawn from, and the script that draws it.

use serde::Serialize;
use walkfolio_analysis::GridFindings;
use walkfolio_analysis::axes::Axes;
use walkfolio_record::GridRun;

use crate::Result;
use crate::summary::Summary;

/// A section, `F` what writes it.
pub(crate) struct Chart<F> {
    /// The id of its element.
    pub id: &'static str,
    /// Its name in the navigation; empty where it has none.
    pub title: &'static str,
    /// What draws its charts; empty where it has none.
    pub script: &'static str,
    /// Writes it.
    pub draw: F,
}

/// A section of the page of a backtest.
pub(crate) type RunChart = Chart<fn(&Summary<'_>) -> Result<Drawn>>;
/// A section of the page of a grid.
pub(crate) type GridChart = Chart<fn(&GridSummary<'_>) -> Result<Drawn>>;

/// A grid with its findings.
pub(crate) struct GridSummary<'a> {
    /// The grid itself.
    pub grid: &'a GridRun,
    /// Its figures.
    pub found: &'a GridFindings,
    /// What it sweeps.
    pub axes: Axes<'a>,
}

/// A section as it is written; without words it is left out.
#[derive(Default)]
pub(crate) struct Drawn {
    /// Its HTML, already escaped.
    pub html: String,
    /// What its charts are drawn from: JSON by key.
    pub data: Vec<(&'static str, String)>,
}

impl Drawn {
    /// A section.
    pub(crate) fn section(html: String) -> Self {
        Self { html, data: Vec::new() }
    }

    /// The same with data for its charts.
    pub(crate) fn with(mut self, key: &'static str, data: &impl Serialize) -> Result<Self> {
        self.data.push((key, serde_json::to_string(data)?));
        Ok(self)
    }

    /// The section of what is there; nothing of what is not.
    pub(crate) fn of<T>(found: Option<T>, draw: impl FnOnce(T) -> Result<Self>) -> Result<Self> {
        found.map_or_else(|| Ok(Self::default()), draw)
    }
}

/// Sections put together, in the order of their list.
#[derive(Default)]
pub(crate) struct Sections {
    /// Their HTML.
    pub parts: Vec<String>,
    /// Id and name of those that the navigation leads to.
    pub links: Vec<(&'static str, &'static str)>,
    /// What their charts are drawn from.
    pub data: Vec<(&'static str, String)>,
    /// What draws them.
    pub scripts: Vec<&'static str>,
}

impl Sections {
    /// Draws a list of sections.
    pub(crate) fn of<F>(
        list: &[Chart<F>],
        draw: impl Fn(&Chart<F>) -> Result<Drawn>,
    ) -> Result<Self> {
        let mut all = Self::default();
        for chart in list {
            let drawn = draw(chart)?;
            all.data.extend(drawn.data);
            if drawn.html.is_empty() {
                continue;
            }
            all.parts.push(drawn.html);
            all.scripts.push(chart.script);
            if !chart.title.is_empty() {
                all.links.push((chart.id, chart.title));
            }
        }
        Ok(all)
    }
}
