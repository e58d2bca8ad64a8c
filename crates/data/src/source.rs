//! A file's bytes, and what they really are.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use walkfolio_columns::{ChunkReader, ChunkResult, Length};

use crate::{Error, Result};

mod content;
mod intake;
mod workbook;

pub(crate) use content::Content;
use content::without_bom;
use intake::Intake;

/// A file that has been read.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path as given, for messages.
    pub(crate) file: String,
    /// The file name alone, for the record of a run.
    pub(crate) name: String,
    pub(crate) content: Content,
    /// SHA-256 of the file's bytes, in hexadecimal digits.
    pub(crate) sha256: String,
    pub(crate) data: Data,
}

/// The bytes of a file.
#[derive(Debug)]
pub(crate) enum Data {
    /// In memory.
    Bytes(Bytes),
    /// Of a Parquet file: the open file, because readers that seek must not see a newer one.
    File(File),
}

impl Data {
    /// The bytes in memory; none of a file that is read by seeking.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::File(_) => &[],
        }
    }

    /// The same bytes again.
    pub(crate) fn try_clone(&self, file: &str) -> Result<Self> {
        Ok(match self {
            Self::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Self::File(handle) => Self::File(
                handle.try_clone().map_err(|source| Error::Io { path: file.into(), source })?,
            ),
        })
    }
}

impl Length for Data {
    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file) => Length::len(file),
        }
    }
}

impl ChunkReader for Data {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> ChunkResult<Self::T> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(bytes.get_read(start)?),
            Self::File(file) => Box::new(file.get_read(start)?),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ChunkResult<Bytes> {
        match self {
            Self::Bytes(bytes) => bytes.get_bytes(start, length),
            Self::File(file) => file.get_bytes(start, length),
        }
    }
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
        let handle = File::open(path).map_err(io)?;
        let again = handle.try_clone().map_err(io)?;
        Self::take(path, handle, Some(again), accepts)
    }

    /// As [`Source::read`], from a stream in place of a file.
    pub(crate) fn stream(path: &Path, input: impl Read, accepts: Accepts) -> Result<Self> {
        Self::take(path, input, None, accepts)
    }

    fn take(path: &Path, input: impl Read, handle: Option<File>, accepts: Accepts) -> Result<Self> {
        let intake = Intake::open(path, input)?;
        let content = intake.content();
        let packed = content == Content::Gzip && accepts.kinds.contains(&Content::Text);
        let archived = content == Content::Zip && accepts.kinds.contains(&Content::Text);
        let archived = archived && !accepts.kinds.contains(&Content::Zip);
        check(path, content, packed || archived, accepts)?;
        let (mut data, sha256) = if let (Content::Parquet, Some(handle)) = (content, handle) {
            (Data::File(handle), intake.pass()?)
        } else {
            let (bytes, sha256) = match content {
                Content::Text => intake.text()?,
                Content::Json | Content::Zip => intake.small()?,
                _ => intake.all()?,
            };
            (Data::Bytes(bytes.into()), sha256)
        };
        let mut content = content;
        if packed {
            let unpacked = intake::gunzip(path, data.bytes())?;
            content = Content::of(&unpacked);
            if content != Content::Text {
                return Err(wrong_kind(path, content, accepts));
            }
            data = Data::Bytes(unpacked.into());
        }
        if archived {
            if !workbook::is_workbook(data.bytes()) {
                return Err(wrong_kind(path, content, accepts));
            }
            (content, data) =
                (Content::Text, Data::Bytes(workbook::table(path, data.bytes())?.into()));
        }
        let file = path.display().to_string();
        if content == Content::Text && without_bom(data.bytes()).trim_ascii().is_empty() {
            return Err(Error::EmptyFile { file });
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { file, name, content, sha256, data })
    }

    /// The bytes as text.
    pub(crate) fn text(&self) -> Result<Cow<'_, str>> {
        text(&self.file, self.data.bytes())
    }
}

/// Refuses what is not what its name says, and what is not accepted.
fn check(path: &Path, content: Content, packed: bool, accepts: Accepts) -> Result<()> {
    if Content::of_extension(path).is_some_and(|named| named != content) {
        let (file, found) = (path.display().to_string(), content.describe());
        return Err(Error::NotWhatNamed { file, found, hint: content.hint() });
    }
    if packed || accepts.kinds.contains(&content) {
        return Ok(());
    }
    Err(wrong_kind(path, content, accepts))
}

fn wrong_kind(path: &Path, content: Content, accepts: Accepts) -> Error {
    let (file, found) = (path.display().to_string(), content.describe());
    let (role, accepted) = (accepts.role, accepts.described);
    let hint = match content {
        Content::Text | Content::Parquet => "supply the file in one of these forms",
        _ => content.hint(),
    };
    Error::WrongKind { file, found, role, accepted, hint }
}

/// The name of a file without `.csv`, `.parquet` .. and without the `.gz` behind them.
pub(crate) fn stem(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    let name = name.strip_suffix(".gz").unwrap_or(name);
    Path::new(name).file_stem()?.to_str()
}

/// The bytes as text, without a byte-order mark; lines that end with a return alone get a feed.
pub(crate) fn text<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>> {
    let bytes = without_bom(bytes);
    let line = |end: usize| {
        let ends = |byte: &u8| if bytes.contains(&b'\n') { *byte == b'\n' } else { *byte == b'\r' };
        bytes[..end].split(ends).count()
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let end = error.valid_up_to();
        let byte = bytes.get(end).copied().unwrap_or_default();
        Error::NotUtf8 { file: file.to_owned(), line: line(end), byte }
    })?;
    if let Some(end) = text.find('\0') {
        return Err(Error::NulByte { file: file.to_owned(), line: line(end) });
    }
    let returns_alone = text.contains('\r') && !text.contains('\n');
    Ok(if returns_alone { text.replace('\r', "\n").into() } else { text.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_recognized_by_its_first_bytes() {
        let cases: [(&[u8], Content); 10] = [
            (b"date,SPY\n", Content::Text),
            (b"\xef\xbb\xbf\"Date\"", Content::Text),
            (b"PAR1....", Content::Parquet),
            (b"PK\x03\x04", Content::Zip),
            // An archive of nothing begins with its end.
            (b"PK\x05\x06", Content::Zip),
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
    fn an_error_of_encoding_names_its_line() {
        let error = text("prices.csv", b"date,SPY\n2024-01-02,\xe9\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "prices.csv line 2 is not UTF-8: it has byte 0xE9, 'é' in Latin-1"
        );
        let error = text("prices.csv", b"date\rSPY\r2\x80").unwrap_err();
        assert_eq!(error.to_string(), "prices.csv line 3 is not UTF-8: it has byte 0x80");
        let error = text("prices.csv", b"date,SPY\n2024-01-02,\0").unwrap_err();
        assert_eq!(error.to_string(), "prices.csv line 2 has a NUL byte: it is not text in UTF-8");
    }

    #[test]
    fn returns_alone_end_lines_and_a_gz_is_no_part_of_a_name() {
        assert_eq!(text("x", b"a\rb\r").unwrap(), "a\nb\n");
        assert_eq!(text("x", b"a\r\nb").unwrap(), "a\r\nb");
        assert_eq!(stem(Path::new("d/SPY.csv.gz")), Some("SPY"));
        assert_eq!(stem(Path::new("spy.us.txt")), Some("spy.us"));
    }
}
