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

/// Sections that belong together, under a title from the second part of a page on.
pub(crate) struct Part<F: 'static> {
    /// The id of its heading.
    pub id: &'static str,
    /// What the contents call it.
    pub title: &'static str,
    /// Its sections, from top to bottom.
    pub charts: &'static [Chart<F>],
}

/// A part of the page of a backtest.
pub(crate) type RunPart = Part<fn(&Summary<'_>) -> Result<Drawn>>;
/// A part of the page of a grid.
pub(crate) type GridPart = Part<fn(&GridSummary<'_>) -> Result<Drawn>>;

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

/// What the contents of a page list.
#[derive(Serialize)]
pub(crate) struct Links {
    /// The part's name.
    title: &'static str,
    /// Id and name of its sections.
    links: Vec<(&'static str, &'static str)>,
}

impl Links {
    /// Whether nothing is listed.
    pub(crate) fn is_empty(&self) -> bool {
        self.links.is_empty()
    }
}

/// Sections put together, in the order of their list.
#[derive(Default)]
pub(crate) struct Sections {
    /// Their HTML.
    pub html: Vec<String>,
    /// What the contents list.
    pub contents: Vec<Links>,
    /// What their charts are drawn from.
    pub data: Vec<(&'static str, String)>,
    /// What draws them.
    pub scripts: Vec<&'static str>,
}

impl Sections {
    /// Draws the sections of some parts.
    pub(crate) fn of<F>(
        parts: &[Part<F>],
        draw: impl Fn(&Chart<F>) -> Result<Drawn>,
    ) -> Result<Self> {
        let mut all = Self::default();
        for part in parts {
            let mut links = Vec::new();
            let before = all.html.len();
            for chart in part.charts {
                links.extend(all.add(chart, draw(chart)?));
            }
            if before > 0 && all.html.len() > before {
                let (id, title) = (part.id, part.title);
                let heading = format!("<h2 class=\"part\" id=\"{id}\">{title}</h2>\n");
                all.html.insert(before, heading);
            }
            all.contents.push(Links { title: part.title, links });
        }
        Ok(all)
    }

    /// Adds a section; its link where it has one.
    fn add<F>(&mut self, chart: &Chart<F>, drawn: Drawn) -> Option<(&'static str, &'static str)> {
        self.data.extend(drawn.data);
        if drawn.html.is_empty() {
            return None;
        }
        self.html.push(drawn.html);
        self.scripts.push(chart.script);
        (!chart.title.is_empty()).then_some((chart.id, chart.title))
    }
}
