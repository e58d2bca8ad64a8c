//! A file's bytes, and what they really are.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// What a file's bytes say it is, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Text,
    Parquet,
    Zip,
    Gzip,
    LfsPointer,
    Html,
    Json,
    OldExcel,
    Utf16,
}

impl Content {
    /// Looks at the first bytes only.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        const MAGIC: [(&[u8], Content); 7] = [
            (b"PAR1", Content::Parquet),
            (b"PK\x03\x04", Content::Zip),
            (b"\x1f\x8b", Content::Gzip),
            (b"\xd0\xcf\x11\xe0", Content::OldExcel),
            (b"\xff\xfe", Content::Utf16),
            (b"\xfe\xff", Content::Utf16),
            (b"version https://git-lfs", Content::LfsPointer),
        ];
        if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return *kind;
        }
        let text = without_bom(bytes).trim_ascii_start();
        let starts = |tag: &str| {
            text.get(..tag.len()).is_some_and(|head| head.eq_ignore_ascii_case(tag.as_bytes()))
        };
        match text.first() {
            Some(b'{' | b'[') => Self::Json,
            Some(b'<') if starts("<!doctype") || starts("<html") || starts("<?xml") => Self::Html,
            _ => Self::Text,
        }
    }

    fn of_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "txt" | "tsv" => Some(Self::Text),
            "parquet" | "pq" => Some(Self::Parquet),
            "zip" => Some(Self::Zip),
            _ => None,
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Parquet => "a Parquet table",
            Self::Zip => "a zip archive or an Excel workbook",
            Self::Gzip => "a gzip archive",
            Self::LfsPointer => "a Git LFS pointer, not the data",
            Self::Html => "a web page",
            Self::Json => "JSON",
            Self::OldExcel => "an Excel workbook",
            Self::Utf16 => "text in UTF-16",
        }
    }

    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Text => "name it .csv if it is a table of comma-separated values",
            Self::Parquet => "name it .parquet",
            Self::Zip => "unpack the archive, or save the workbook as CSV",
            Self::Gzip => "unpack it with gunzip",
            Self::LfsPointer => "fetch the data itself with git lfs pull",
            Self::Html => "the download led to a page (a login or an error); open it and look",
            Self::Json => "convert it to a table with one column a ticker",
            Self::OldExcel => "save the workbook as CSV",
            Self::Utf16 => "save the file as UTF-8",
        }
    }
}

/// A file that has been read.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path as given, for messages.
    pub(crate) file: String,
    /// The file name alone, for the record of a run.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) content: Content,
    /// The open file behind the bytes: readers that seek must not see a newer one.
    pub(crate) handle: File,
}

/// What a role accepts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepts {
    pub(crate) role: &'static str,
    pub(crate) kinds: &'static [Content],
    pub(crate) described: &'static str,
}

impl Source {
    /// Reads a file and checks that its content is what its name says and what is accepted.
    pub(crate) fn read(path: &Path, accepts: Accepts) -> Result<Self> {
        let io = |source| Error::Io { path: PathBuf::from(path), source };
        let mut handle = File::open(path).map_err(io)?;
        let mut bytes = Vec::new();
        handle.read_to_end(&mut bytes).map_err(io)?;
        let file = path.display().to_string();
        if without_bom(&bytes).trim_ascii().is_empty() {
            return Err(Error::EmptyFile { file });
        }
        let content = Content::of(&bytes);
        let (found, remedy) = (content.describe(), content.remedy());
        if Content::of_extension(path).is_some_and(|named| named != content) {
            return Err(Error::NotWhatNamed { file, found, remedy });
        }
        if !accepts.kinds.contains(&content) {
            let (role, accepted) = (accepts.role, accepts.described);
            let remedy = match content {
                Content::Text | Content::Parquet => "supply the file in one of these forms",
                _ => remedy,
            };
            return Err(Error::WrongKind { file, found, role, accepted, remedy });
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { file, name, bytes, content, handle })
    }

    pub(crate) fn sha256(&self) -> String {
        hex(&Sha256::digest(&self.bytes))
    }
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The bytes as text, without a byte-order mark.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str> {
    let bytes = without_bom(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let sound = &bytes[..error.valid_up_to()];
        let line = sound.split(|&byte| byte == b'\n').count();
        Error::NotUtf8 { file: file.to_owned(), line }
    })
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_told_by_its_first_bytes() {
        let cases: [(&[u8], Content); 9] = [
            (b"date,SPY\n", Content::Text),
            (b"\xef\xbb\xbf\"Date\"", Content::Text),
            (b"PAR1....", Content::Parquet),
            (b"PK\x03\x04", Content::Zip),
            (b"\x1f\x8b\x08", Content::Gzip),
            (b"version https://git-lfs.github.com/spec/v1", Content::LfsPointer),
            (b"\n <!DOCTYPE html>", Content::Html),
            (b"<TICKER>,<PER>", Content::Text),
            (b"{\"chart\":", Content::Json),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Content::of(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_fault_of_encoding_names_its_line() {
        let error = text("prices.csv", b"date,SPY\n2024-01-02,\xe9\n").unwrap_err();
        assert_eq!(error.to_string(), "prices.csv line 2 is not UTF-8");
    }
}
