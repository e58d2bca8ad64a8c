//! Tables of numbers as `NumPy` reads them.

#![allow(clippy::unwrap_used)] // a benchmark may stop at a fault

use std::fs;
use std::path::Path;

/// A table of 64-bit numbers by rows: magic, version 1.0, a header that ends on a multiple of 64 bytes.
pub fn write(path: &Path, values: &[f64], width: usize) {
    let shape = format!("({}, {width})", values.len() / width);
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    let padded = (header.len() + 11).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(padded).unwrap().to_le_bytes());
    bytes.extend(format!("{header:<width$}\n", width = padded - 1).bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    fs::write(path, bytes).unwrap();
}
