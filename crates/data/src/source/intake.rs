//! The bytes of a file, taken in by pieces: hashed, and bounded while they come.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use walkfolio_core::hex;

use super::content::Content;
use crate::{Error, Result};

/// What shows the kind of a file.
const HEAD: u64 = 4096;
const CHUNK: usize = 64 << 10;
/// Fifty thousand columns of twenty digits: a longer line has no end.
const LONGEST_LINE: usize = 1 << 20;
/// A response of a vendor, or an archive of factor returns.
const LARGEST_MIB: u64 = 64;
/// Tables of prices unpack to 3 to 15 times their size; a bomb to a thousand times.
const LARGEST_RATIO: u64 = 100;

/// A file that is being read.
pub(super) struct Intake<R> {
    path: PathBuf,
    input: R,
    bytes: Vec<u8>,
    hash: Sha256,
}

impl<R: Read> Intake<R> {
    /// Reads the beginning.
    pub(super) fn open(path: &Path, input: R) -> Result<Self> {
        let hash = Sha256::new();
        let mut intake = Self { path: path.to_path_buf(), input, bytes: Vec::new(), hash };
        let head = (&mut intake.input).take(HEAD).read_to_end(&mut intake.bytes);
        head.map_err(|error| intake.io(error))?;
        intake.hash.update(&intake.bytes);
        Ok(intake)
    }

    pub(super) fn content(&self) -> Content {
        Content::of(&self.bytes)
    }

    /// The hash of a file whose bytes are read elsewhere.
    pub(super) fn pass(mut self) -> Result<String> {
        self.each(|_, _| Ok(()))?;
        Ok(hex(&self.hash.finalize()))
    }

    /// The bytes of a text, whose lines are of bounded length.
    pub(super) fn text(mut self) -> Result<(Vec<u8>, String)> {
        let mut lines = Lines::default();
        lines.feed(&self.path, &self.bytes)?;
        self.each(|intake, chunk| {
            lines.feed(&intake.path, chunk)?;
            intake.bytes.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok((self.bytes, hex(&self.hash.finalize())))
    }

    /// All bytes of what is never large.
    pub(super) fn small(mut self) -> Result<(Vec<u8>, String)> {
        self.each(|intake, chunk| {
            intake.bytes.extend_from_slice(chunk);
            if intake.bytes.len() as u64 > LARGEST_MIB << 20 {
                return Err(too_large(&intake.path, LARGEST_MIB));
            }
            Ok(())
        })?;
        Ok((self.bytes, hex(&self.hash.finalize())))
    }

    /// All bytes, whatever their number.
    pub(super) fn all(mut self) -> Result<(Vec<u8>, String)> {
        self.each(|intake, chunk| {
            intake.bytes.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok((self.bytes, hex(&self.hash.finalize())))
    }

    fn each(&mut self, mut take: impl FnMut(&mut Self, &[u8]) -> Result<()>) -> Result<()> {
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = match self.input.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.io(error)),
            };
            self.hash.update(&chunk[..read]);
            take(self, &chunk[..read])?;
        }
    }

    fn io(&self, source: io::Error) -> Error {
        Error::Io { path: self.path.clone(), source }
    }
}

/// Unpacks a gzip in memory: its text, of at most 64 MiB or a hundred times its own size.
pub(super) fn gunzip(path: &Path, packed: &[u8]) -> Result<Vec<u8>> {
    let limit = (LARGEST_RATIO * packed.len() as u64).max(LARGEST_MIB << 20);
    let reader = MultiGzDecoder::new(packed).take(limit + 1);
    let text = match Intake::open(path, reader).and_then(Intake::text) {
        Ok((text, _)) => text,
        Err(Error::Io { path, source }) => {
            let (file, reason) = (path.display().to_string(), source.to_string());
            return Err(Error::Damaged { file, reason });
        }
        Err(error) => return Err(error),
    };
    if text.len() as u64 > limit {
        return Err(too_large(path, limit >> 20));
    }
    Ok(text)
}

fn too_large(path: &Path, limit_mib: u64) -> Error {
    Error::TooLarge { file: path.display().to_string(), limit_mib }
}

/// Counts lines and bytes of the last one.
#[derive(Default)]
struct Lines {
    ended: usize,
    length: usize,
    after_return: bool,
}

impl Lines {
    fn feed(&mut self, path: &Path, chunk: &[u8]) -> Result<()> {
        for &byte in chunk {
            match byte {
                b'\n' | b'\r' => {
                    self.ended += usize::from(byte == b'\r' || !self.after_return);
                    self.length = 0;
                }
                _ => self.length += 1,
            }
            self.after_return = byte == b'\r';
            if self.length > LONGEST_LINE {
                let (file, line) = (path.display().to_string(), self.ended + 1);
                return Err(Error::LongLine { file, line, limit: LONGEST_LINE });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_gzip_is_unpacked_up_to_its_limit() {
        let path = Path::new("x.csv.gz");
        assert_eq!(gunzip(path, &packed(b"date,SPY\n")).unwrap(), b"date,SPY\n");
        let bomb = packed(&b"1\n".repeat((33 << 20) + 1));
        assert!(bomb.len() < 200_000);
        let messages =
            [&bomb, &packed(b"date,SPY\n")[..12].to_vec(), &packed(&vec![b'1'; 2 << 20])]
                .map(|bytes| gunzip(path, bytes).unwrap_err().to_string());
        insta::assert_snapshot!(messages.join("\n"), @"
        x.csv.gz holds more than 64 MiB
        x.csv.gz is damaged: incomplete deflate stream
        x.csv.gz line 1 has more than 1048576 bytes
        ");
    }

    #[test]
    fn lines_end_in_three_ways() {
        let mut lines = Lines::default();
        lines.feed(Path::new("x"), b"a\r").unwrap();
        lines.feed(Path::new("x"), b"\nb\rc\n\nd").unwrap();
        assert_eq!((lines.ended, lines.length), (4, 1));
    }
}
