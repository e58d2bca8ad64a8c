//! What a file's bytes are, whatever its name says.

use std::path::Path;

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
        const MAGIC: [(&[u8], Content); 8] = [
            (b"PAR1", Content::Parquet),
            (b"PK\x03\x04", Content::Zip),
            // An archive of nothing begins with its end.
            (b"PK\x05\x06", Content::Zip),
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

    pub(super) fn of_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "txt" | "tsv" => Some(Self::Text),
            "parquet" | "pq" => Some(Self::Parquet),
            "zip" | "xlsx" => Some(Self::Zip),
            "gz" => Some(Self::Gzip),
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

    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::Text => "name it .csv if it is a table of comma-separated values",
            Self::Parquet => "name it .parquet",
            Self::Zip => "unpack the archive, or save the workbook as CSV",
            Self::Gzip => "name a table .csv.gz; unpack anything else with gunzip",
            Self::LfsPointer => "fetch the data itself with git lfs pull",
            Self::Html => "the download led to a page (a login or an error); open it and look",
            Self::Json => "convert it to a table with one column a ticker",
            Self::OldExcel => "save the workbook as CSV",
            Self::Utf16 => "save the file as UTF-8",
        }
    }
}

/// The bytes after a byte-order mark.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
