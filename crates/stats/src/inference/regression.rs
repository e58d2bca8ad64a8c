//! Ordinary least squares of one series on a few others, for exposures to factors.
//!
//! Unlike [`least_squares`](crate::measures::relative::least_squares), which draws a line through one other
//! series, it takes several and says how certain each slope is.

/// What is left of a column beside the others, as a share of its square, that is rounding alone.
const SINGULAR: f64 = 1e-12;

/// A regression with an intercept.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The intercept, then one slope a regressor.
    pub coefficients: Vec<f64>,
    /// Their standard errors, robust to unequal and dependent errors.
    pub standard_errors: Vec<f64>,
    /// Their t statistics; `None` where the fit is exact.
    pub t_statistics: Vec<Option<f64>>,
    /// Lags of the standard errors.
    pub lags: usize,
    /// The share of variance that is explained; `None` if `y` does not vary.
    pub r_squared: Option<f64>,
    /// The standard deviation of what is left, `sqrt(e'e / (T - k))`, per period.
    pub residual_deviation: f64,
}

/// How many periods after each other are taken to have dependent errors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lags {
    /// `floor(4 (T / 100)^(2/9))`, fewer than there are rows.
    #[default]
    Automatic,
    /// As many; 0 is White's covariance of independent errors with unequal variances.
    Fixed(usize),
}

impl Lags {
    /// The lags of so many rows.
    fn of(self, rows: usize) -> usize {
        let lags = match self {
            Self::Automatic => automatic(rows),
            Self::Fixed(lags) => lags,
        };
        lags.min(rows.saturating_sub(1))
    }
}

/// The coefficients of `y` on an intercept and the columns of `x`; `None` where they are not
/// determined.
///
/// # Shape and units
/// `T` values and `T` rows of `K`, `T > K + 1`.
/// # Source
/// Greene (2012), Econometric Analysis, ch. 3: `b = (X'X)^-1 X'y`.
/// # Examples
/// ```
/// use walkfolio_stats::inference::regression::coefficients;
///
/// let market = [[0.01], [-0.02], [0.03], [0.00]];
/// let x: Vec<&[f64]> = market.iter().map(<[f64; 1]>::as_slice).collect();
/// let y: Vec<f64> = x.iter().map(|x| 0.001 + 1.2 * x[0]).collect();
/// let found = coefficients(&y, &x).unwrap();
/// assert!((found[0] - 0.001).abs() < 1e-15 && (found[1] - 1.2).abs() < 1e-13);
/// ```
pub fn coefficients(y: &[f64], x: &[&[f64]]) -> Option<Vec<f64>> {
    let (moments, sums) = normal(y, x)?;
    solve(&moments, &sums)
}

/// The regression of `y` on an intercept and the columns of `x`, with t statistics.
///
/// The covariance of the coefficients is that of Newey & West, without a factor for small samples:
/// `(X'X)^-1 S (X'X)^-1`, `S = G(0) + sum over l of (1 - l / (L + 1)) (G(l) + G(l)')`,
/// `G(l) = sum over t of e_t e_(t-l) x_t x_(t-l)'`.
///
/// # Shape and units
/// As [`coefficients`]; `None` where they are not determined.
/// # Source
/// Newey & West (1987), Econometrica 55(3); the lags: Newey & West (1994).
/// # Examples
/// ```
/// use walkfolio_stats::inference::regression::{Lags, regression};
///
/// // y = 0.01 + 2 x with errors of 0.001 and -0.001 that cancel.
/// let x = [[0.00], [0.00], [0.02], [0.02]];
/// let x: Vec<&[f64]> = x.iter().map(<[f64; 1]>::as_slice).collect();
/// let found = regression(&[0.011, 0.009, 0.051, 0.049], &x, Lags::Automatic).unwrap();
/// assert!((found.coefficients[0] - 0.01).abs() < 1e-15);
/// assert!((found.coefficients[1] - 2.0).abs() < 1e-12);
/// assert!(found.t_statistics[1].unwrap() > 10.0);
/// ```
pub fn regression(y: &[f64], x: &[&[f64]], lags: Lags) -> Option<Regression> {
    let (moments, sums) = normal(y, x)?;
    let found = solve(&moments, &sums)?;
    let size = found.len();
    let errors: Vec<f64> = y.iter().zip(x).map(|(y, x)| y - fitted(&found, x)).collect();
    let lags = lags.of(y.len());
    let middle = long_run(&errors, x, lags);
    let unit = |place: usize| -> Vec<f64> {
        (0..size).map(|other| f64::from(u8::from(other == place))).collect()
    };
    let inverse: Vec<Vec<f64>> =
        (0..size).map(|place| solve(&moments, &unit(place))).collect::<Option<_>>()?;
    let deviation = |place: usize| {
        let row = &inverse[place];
        let variance: f64 = (0..size)
            .flat_map(|i| (0..size).map(move |j| (i, j)))
            .map(|(i, j)| row[i] * middle[i][j] * row[j])
            .sum();
        variance.max(0.0).sqrt()
    };
    let standard_errors: Vec<f64> = (0..size).map(deviation).collect();
    let t = |(b, error): (&f64, &f64)| Some(b / error).filter(|t| t.is_finite());
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let total: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    let left: f64 = errors.iter().map(|error| error * error).sum();
    Some(Regression {
        t_statistics: found.iter().zip(&standard_errors).map(t).collect(),
        standard_errors,
        lags,
        r_squared: (total > 0.0).then(|| 1.0 - left / total),
        residual_deviation: (left / (y.len() - size) as f64).sqrt(),
        coefficients: found,
    })
}

/// `b_0 + b' x`.
fn fitted(coefficients: &[f64], x: &[f64]) -> f64 {
    coefficients[0] + x.iter().zip(&coefficients[1..]).map(|(x, b)| x * b).sum::<f64>()
}

/// `X'X` and `X'y`, an intercept first.
fn normal(y: &[f64], x: &[&[f64]]) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let size = x.first()?.len() + 1;
    if y.len() != x.len() || y.len() <= size {
        return None;
    }
    let mut moments = vec![vec![0.0; size]; size];
    let mut sums = vec![0.0; size];
    for (y, x) in y.iter().zip(x) {
        for i in 0..size {
            let xi = regressor(x, i);
            sums[i] += xi * y;
            for (j, moment) in moments[i].iter_mut().enumerate() {
                *moment += xi * regressor(x, j);
            }
        }
    }
    Some((moments, sums))
}

/// The intercept's 1, then the row's values.
fn regressor(row: &[f64], place: usize) -> f64 {
    if place == 0 { 1.0 } else { row[place - 1] }
}

/// The long-run covariance of `e_t x_t`, times `T`.
fn long_run(errors: &[f64], x: &[&[f64]], lags: usize) -> Vec<Vec<f64>> {
    let size = x.first().map_or(0, |row| row.len()) + 1;
    let score =
        |t: usize| -> Vec<f64> { (0..size).map(|i| errors[t] * regressor(x[t], i)).collect() };
    let scores: Vec<Vec<f64>> = (0..errors.len()).map(score).collect();
    let mut sum = vec![vec![0.0; size]; size];
    for lag in 0..=lags {
        let weight = 1.0 - lag as f64 / (lags + 1) as f64;
        for (now, before) in scores.iter().skip(lag).zip(&scores) {
            for i in 0..size {
                for j in 0..size {
                    let both = if lag == 0 {
                        now[i] * before[j]
                    } else {
                        now[i] * before[j] + before[i] * now[j]
                    };
                    sum[i][j] += weight * both;
                }
            }
        }
    }
    sum
}

/// `floor(4 (T / 100)^(2/9))`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small and positive
fn automatic(rows: usize) -> usize {
    (4.0 * libm::pow(rows as f64 / 100.0, 2.0 / 9.0)).floor() as usize
}

/// Gaussian elimination of a positive definite matrix; `None` if a column is, to rounding, a
/// combination of those before it.
fn solve(matrix: &[Vec<f64>], right: &[f64]) -> Option<Vec<f64>> {
    let size = right.len();
    let mut rows: Vec<Vec<f64>> =
        matrix.iter().zip(right).map(|(row, b)| [row.as_slice(), &[*b]].concat()).collect();
    for column in 0..size {
        let (done, rest) = rows.split_at_mut(column + 1);
        let top = &done[column];
        if top[column] <= SINGULAR * matrix[column][column] {
            return None;
        }
        for row in rest {
            let factor = row[column] / top[column];
            row.iter_mut().zip(top).skip(column).for_each(|(value, top)| *value -= factor * top);
        }
    }
    let mut found = vec![0.0; size];
    for place in (0..size).rev() {
        let known: f64 = (place + 1..size).map(|other| rows[place][other] * found[other]).sum();
        found[place] = (rows[place][size] - known) / rows[place][place];
    }
    found.iter().all(|value| value.is_finite()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> (Vec<f64>, Vec<Vec<f64>>) {
        let x = [[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, 3.0], [5.0, 8.0], [6.0, 5.0]];
        (vec![3.1, 4.9, 9.2, 10.8, 16.1, 15.9], x.iter().map(|row| row.to_vec()).collect())
    }

    #[test]
    fn an_exact_relation_is_found() {
        let (_, x) = rows();
        let x: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
        let y: Vec<f64> = x.iter().map(|x| 0.5 + 2.0 * x[0] - 1.5 * x[1]).collect();
        let found = regression(&y, &x, Lags::Automatic).unwrap();
        for (b, wanted) in found.coefficients.iter().zip([0.5, 2.0, -1.5]) {
            assert!((b - wanted).abs() < 1e-12, "{b}");
        }
        assert!((found.r_squared.unwrap() - 1.0).abs() < 1e-12);
    }

    /// Against numpy: `inv(X'X) @ S @ inv(X'X)`, written out from the formula.
    #[test]
    fn coefficients_and_t_statistics_are_those_of_another_program() {
        let (y, x) = rows();
        let x: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
        let found = regression(&y, &x, Lags::Automatic).unwrap();
        let wanted = [
            (-0.292_619_93, -3.159_450_57),
            (2.230_996_31, 23.382_865_77),
            (0.621_033_21, 8.860_879_1),
        ];
        for (place, (coefficient, t)) in wanted.into_iter().enumerate() {
            assert!((found.coefficients[place] - coefficient).abs() < 1e-8);
            assert!((found.t_statistics[place].unwrap() - t).abs() < 1e-7);
        }
        assert!((found.r_squared.unwrap() - 0.997_502_971_218_114).abs() < 1e-12);
    }

    #[test]
    fn residuals_are_orthogonal_to_the_regressors() {
        let (y, x) = rows();
        let x: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
        let found = regression(&y, &x, Lags::Automatic).unwrap();
        for place in 0..3 {
            let sum: f64 = y
                .iter()
                .zip(&x)
                .map(|(y, x)| (y - fitted(&found.coefficients, x)) * regressor(x, place))
                .sum();
            assert!(sum.abs() < 1e-10, "{sum}");
        }
        assert_eq!(coefficients(&y, &x).unwrap(), found.coefficients);
    }

    #[test]
    fn what_is_not_determined_is_none() {
        let x = [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [4.0, 8.0], [5.0, 10.0]];
        let x: Vec<&[f64]> = x.iter().map(<[f64; 2]>::as_slice).collect();
        assert_eq!(coefficients(&[1.0, 2.0, 2.5, 3.0, 1.0], &x), None);
        assert_eq!(coefficients(&[1.0, 2.0, 3.0], &x[..3]), None, "as many rows as unknowns");
    }
}
