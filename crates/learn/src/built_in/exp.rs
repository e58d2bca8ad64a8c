//! The exponential function in single precision, with the same bits on every platform.

use std::sync::LazyLock;

const STEPS: u64 = 32;

/// `2^(i / 32)` as bits, less `i` in the place where the exponent will be added.
static POWERS: LazyLock<[u64; 32]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let power = libm::exp2(i as f64 / STEPS as f64);
        power.to_bits().wrapping_sub((i as u64) << (52 - 5))
    })
});

/// `e^x`; at most 0.502 units in the last place off, for `-103 < x < 88.7`.
///
/// `x = (k + r) ln 2 / 32` with `k` an integer and `|r| <= 1/2`; a table gives `2^(k/32)` and a
/// cubic the rest, all in `f64`. It is what glibc's `expf` computes, so that gradients agree with
/// those of XGBoost to the last bit.
///
/// # Source
/// Tang (1989), ACM Transactions on Mathematical Software 15; the cubic's coefficients are those of
/// Arm's optimized routines (Nagy, 2017), which glibc 2.27 took over.
#[inline]
pub(crate) fn exp(x: f32) -> f32 {
    Exponential::new().of(x)
}

/// The function with its table at hand, for a loop.
pub(crate) struct Exponential(&'static [u64; 32]);

impl Exponential {
    pub(crate) fn new() -> Self {
        Self(&POWERS)
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the table index is below 32, the answer an `f32`
    pub(crate) fn of(&self, x: f32) -> f32 {
        const SHIFT: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52: adding it rounds to an integer
        const SCALE: f64 = std::f64::consts::LOG2_E * 32.0;
        const CUBIC: f64 = 0.055_503_615_593_415_35 / (32.0 * 32.0 * 32.0);
        const SQUARE: f64 = 0.240_228_452_244_572_2 / (32.0 * 32.0);
        const LINEAR: f64 = 0.693_147_180_691_620_3 / 32.0;
        let z = SCALE * f64::from(x.clamp(-103.0, 88.7));
        let shifted = z + SHIFT;
        let k = shifted.to_bits();
        let r = z - (shifted - SHIFT);
        let power = self.0[(k % STEPS) as usize].wrapping_add(k << (52 - 5));
        let y = (CUBIC * r + SQUARE) * (r * r) + (LINEAR * r + 1.0);
        (y * f64::from_bits(power)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exponential_function() {
        let mut x = -87.0f32;
        while x < 88.7 {
            let exact = libm::exp(f64::from(x));
            let found = exp(x);
            let ulp = f64::from(f32::from_bits(found.to_bits() + 1)) - f64::from(found);
            assert!((f64::from(found) - exact).abs() <= 0.503 * ulp, "{x}");
            x += 0.000_731;
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
    }
}
