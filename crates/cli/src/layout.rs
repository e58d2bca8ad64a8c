//! Tables in a fixed-width font.

/// Columns of a table where standard output is no terminal.
const WIDTH: usize = 100;

/// To which side the cells of a column are set.
#[derive(Clone, Copy)]
pub enum Side {
    /// To the left.
    Left,
    /// To the right.
    Right,
}

/// The width that a table may have: that of the terminal, or 100 columns.
pub fn width() -> usize {
    terminal_size::terminal_size_of(std::io::stdout())
        .map_or(WIDTH, |(terminal_size::Width(width), _)| usize::from(width))
}

/// Rows as lines of text, their columns two spaces apart.
///
/// A column without a side of its own takes the last one. A row with a single cell is a heading: it
/// does not widen its column.
pub fn lines(rows: &[Vec<String>], sides: &[Side]) -> Vec<String> {
    let widths = widths(rows);
    let side = |column| sides.get(column).or(sides.last()).copied().unwrap_or(Side::Left);
    let set = |(column, (cell, &width)): (usize, (&String, &usize))| match side(column) {
        Side::Left => format!("{cell:<width$}"),
        Side::Right => format!("{cell:>width$}"),
    };
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).enumerate().map(set).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// Rows as a table: the first column to the left, the others to the right.
///
/// Columns that do not fit the width follow below, next to the first column again.
pub fn table(rows: &[Vec<String>], width: usize) -> String {
    let widths = widths(rows);
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    let mut used = 0;
    for (column, own) in widths.iter().enumerate().skip(1) {
        match blocks.last_mut() {
            Some(block) if used + 2 + own <= width => {
                block.push(column);
                used += 2 + own;
            }
            _ => {
                blocks.push(vec![column]);
                used = widths[0] + 2 + own;
            }
        }
    }
    let block = |columns: &Vec<usize>| {
        let pick = |row: &Vec<String>| {
            let cells = columns.iter().filter_map(|&column| row.get(column));
            row.first().into_iter().chain(cells).cloned().collect()
        };
        let rows: Vec<Vec<String>> = rows.iter().map(pick).collect();
        lines(&rows, &[Side::Left, Side::Right]).join("\n") + "\n"
    };
    blocks.iter().map(block).collect::<Vec<String>>().join("\n")
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let tabular = || rows.iter().filter(|row| row.len() > 1);
    let count = tabular().map(Vec::len).max().unwrap_or(1);
    let width = |column: usize| {
        tabular().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    (0..count).map(|column| width(column).unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let row = |line: &str| line.split('|').map(str::to_owned).collect();
        text.split('/').map(row).collect()
    }

    #[test]
    fn what_does_not_fit_follows_below() {
        let rows = rows("|one|two|three/a heading is free/Volatility|1.00 %|22.00 %|–");
        assert_snapshot!(table(&rows, 100), @r"
                       one      two  three
        a heading is free
        Volatility  1.00 %  22.00 %      –
        ");
        assert_snapshot!(table(&rows, 20), @r"
                       one
        a heading is free
        Volatility  1.00 %

                        two
        a heading is free
        Volatility  22.00 %

                    three
        a heading is free
        Volatility      –
        ");
    }

    #[test]
    fn columns_have_sides() {
        let lines = lines(&rows("a|b|c/long|1|x"), &[Side::Left, Side::Right, Side::Left]);
        assert_eq!(lines, ["a     b  c", "long  1  x"]);
    }
}
