//! A sheet that is written row by row.

use rust_xlsxwriter::{Chart, Color, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet};
use walkfolio_analysis::Date;
use walkfolio_analysis::Unit;

use crate::Result;

/// Rows of a sheet; Excel has a few more.
pub(super) const ROWS: usize = 1_000_000;
/// Columns of assets; Excel has 16,384.
pub(super) const ASSETS: usize = 16_000;
/// Letters of a cell; Excel has a few more.
const LETTERS: usize = 32_000;
/// Excel's calendar starts here.
const FIRST_YEAR: i16 = 1900;

/// How a number is shown; the number itself is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 12.34 %
    Percent,
    /// 0.1234 %
    Fine,
    /// 1.234
    Number,
    /// 1234, and 12,345 from 10,000 on
    Count,
    /// 1.2E-09
    Small,
    /// As Excel likes.
    General,
}

impl Kind {
    /// How a measure is shown.
    pub(super) fn of(unit: Unit) -> Self {
        match unit {
            Unit::Percent => Self::Percent,
            Unit::Ratio | Unit::Number => Self::Number,
            Unit::Count => Self::Count,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Percent => "0.00%",
            Self::Fine => "0.0000%",
            Self::Number => "0.000",
            Self::Count => "0",
            Self::Small => "0.0E+00",
            Self::General => "General",
        }
    }

    /// That of a large number. It is chosen here and not by conditions in one format: `LibreOffice` drops the minus sign
    /// of what meets none of them.
    fn large_code(self) -> &'static str {
        match self {
            Self::Number => "#,##0.000",
            Self::Count => "#,##0",
            other => other.code(),
        }
    }
}

/// From here on thousands are apart.
const LARGE: f64 = 10_000.0;

/// A sheet, and the cell that is written next.
pub(super) struct Sheet<'a> {
    cells: &'a mut Worksheet,
    formats: [[Format; 2]; 6],
    day: Format,
    row: u32,
    column: u16,
    columns: u16,
}

impl<'a> Sheet<'a> {
    /// A new sheet of a workbook.
    pub(super) fn new(book: &'a mut Workbook, name: &str) -> Result<Self> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        let kinds =
            [Kind::Percent, Kind::Fine, Kind::Number, Kind::Count, Kind::Small, Kind::General];
        Ok(Self {
            cells: sheet,
            formats: kinds.map(|kind| {
                [kind.code(), kind.large_code()].map(|code| Format::new().set_num_format(code))
            }),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            row: 0,
            column: 0,
            columns: 0,
        })
    }

    /// The first row: every column's name and width in letters; it stays in view.
    pub(super) fn heading(&mut self, columns: &[(&str, f64)]) -> Result<()> {
        let bold = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_background_color(Color::RGB(0x00F4_F4F0))
            .set_border_bottom(FormatBorder::Thin);
        for (column, (name, width)) in (0_u16..).zip(columns) {
            self.cells.write_string_with_format(0, column, shortened(name), &bold)?;
            self.cells.set_column_width(column, *width)?;
            self.columns = column;
        }
        self.cells.set_freeze_panes(1, 0)?;
        self.cells.set_repeat_rows(0, 0)?;
        Ok(())
    }

    /// Begins the next row.
    pub(super) fn row(&mut self) -> &mut Self {
        (self.row, self.column) = (self.row + 1, 0);
        self
    }

    /// Text, whatever it begins with: never a formula, a link or a number.
    pub(super) fn text(&mut self, text: &str) -> Result<&mut Self> {
        if !text.is_empty() {
            self.cells.write_string(self.row, self.column, shortened(text))?;
        }
        self.column += 1;
        Ok(self)
    }

    /// A number; nothing where there is none or it is not finite.
    pub(super) fn number(&mut self, kind: Kind, value: Option<f64>) -> Result<&mut Self> {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            let format = &self.formats[kind as usize][usize::from(value.abs() >= LARGE)];
            self.cells.write_number_with_format(self.row, self.column, value, format)?;
        }
        self.column += 1;
        Ok(self)
    }

    /// A date as Excel's own; as text before its calendar.
    pub(super) fn date(&mut self, date: Date) -> Result<&mut Self> {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let parts = (u16::try_from(year), u8::try_from(month), u8::try_from(day));
        if let (true, (Ok(year), Ok(month), Ok(day))) = (year >= FIRST_YEAR, parts) {
            let value = ExcelDateTime::from_ymd(year, month, day)?;
            self.cells.write_datetime_with_format(self.row, self.column, &value, &self.day)?;
            self.column += 1;
            return Ok(self);
        }
        self.text(&date.to_string())
    }

    /// Lets the rows be filtered by their columns.
    pub(super) fn filter(&mut self) -> Result<()> {
        if self.row > 0 {
            self.cells.autofilter(0, 0, self.row, self.columns)?;
        }
        Ok(())
    }

    /// Keeps some rows and columns in view.
    pub(super) fn freeze(&mut self, rows: u32, columns: usize) -> Result<()> {
        self.cells.set_freeze_panes(rows, u16::try_from(columns).unwrap_or(0))?;
        Ok(())
    }

    /// Prints on one page.
    pub(super) fn one_page(&mut self) {
        self.cells.set_print_fit_to_pages(1, 1);
    }

    /// Charts one below the other, on one page.
    pub(super) fn charts(&mut self, all: &[Chart]) -> Result<()> {
        for (place, chart) in (0_u32..).zip(all) {
            self.cells.insert_chart(place * CHART_ROWS, 0, chart)?;
        }
        self.cells.set_portrait();
        self.one_page();
        Ok(())
    }
}

/// Rows of the usual height that a chart takes, with a free one.
const CHART_ROWS: u32 = 20;
/// Excel's number for the paper.
const A4: u8 = 9;

/// Text as far as a cell can hold it.
fn shortened(text: &str) -> String {
    text.chars().take(LETTERS).collect()
}
