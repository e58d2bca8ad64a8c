//! The charts of the workbook, drawn from its own cells.

use rust_xlsxwriter::{
    Chart, ChartAxisDateUnitType, ChartAxisLabelPosition, ChartFormat, ChartLegendPosition,
    ChartLine, ChartType,
};

/// Colours of the two lines, as on the page.
const OWN: &str = "0B5394";
const BENCHMARK: &str = "B0530F";
const SIZE: (u32, u32) = (760, 380);

fn last(rows: usize) -> u32 {
    u32::try_from(rows.max(1)).unwrap_or(u32::MAX)
}

fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn dated(mut chart: Chart, title: &str, format: &str) -> Chart {
    chart.title().set_name(title);
    // One label a year, below the plot: that of drawdowns hangs from its axis.
    chart
        .x_axis()
        .set_date_axis(true)
        .set_num_format("yyyy")
        .set_major_unit(1)
        .set_major_unit_date_type(ChartAxisDateUnitType::Years)
        .set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_num_format(format);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_width(SIZE.0).set_height(SIZE.1);
    chart
}

/// Growth of 100, and of the benchmark's.
pub(super) fn growth(rows: usize, benchmark: bool) -> Chart {
    let mut chart = Chart::new(ChartType::Line);
    let lines = [(7, OWN), (8, BENCHMARK)];
    for (place, colour) in lines.into_iter().take(if benchmark { 2 } else { 1 }) {
        let mut format = ChartFormat::new();
        format.set_line(ChartLine::new().set_color(colour).set_width(1.5));
        chart
            .add_series()
            .set_categories(("Returns", 1, 0, last(rows), 0))
            .set_values(("Returns", 1, column(place), last(rows), column(place)))
            .set_name(("Returns", 0, column(place)))
            .set_format(&mut format);
    }
    dated(chart, "Growth of 100, after costs", "0")
}

/// How far the value is below its peak.
pub(super) fn drawdown(rows: usize) -> Chart {
    let mut chart = Chart::new(ChartType::Area);
    chart
        .add_series()
        .set_categories(("Returns", 1, 0, last(rows), 0))
        .set_values(("Returns", 1, 9, last(rows), 9))
        .set_name(("Returns", 0, 9));
    dated(chart, "Drawdown", "0%")
}

/// Weights over time, stacked where nothing is sold short.
pub(super) fn weights(rows: usize, assets: usize, long_only: bool) -> Chart {
    let kind = if long_only { ChartType::AreaStacked } else { ChartType::Line };
    let mut chart = Chart::new(kind);
    for place in 1..=assets {
        chart
            .add_series()
            .set_categories(("Weights", 1, 0, last(rows), 0))
            .set_values(("Weights", 1, column(place), last(rows), column(place)))
            .set_name(("Weights", 0, column(place)));
    }
    let mut chart = dated(chart, "Weights", "0%");
    if long_only {
        chart.y_axis().set_max(1.0);
    }
    chart
}
