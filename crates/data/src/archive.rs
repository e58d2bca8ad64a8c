//! The one text inside a zip archive.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::source::Content;
use crate::{Error, Result};

/// Sixty times the largest file of the French library: more than that is an attack or a mistake.
const LIMIT_MIB: u64 = 64;

/// Unpacks the archive's only file in memory; its name is never used as a path.
pub(crate) fn unpack(file: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let damaged = |error: &dyn std::fmt::Display| Error::Damaged {
        file: file.to_owned(),
        reason: error.to_string(),
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        // macOS adds a folder of its own to every archive.
        let name = member.name().map_err(|error| damaged(&error))?;
        if !member.is_dir() && !name.starts_with("__MACOSX/") {
            members.push(index);
        }
    }
    let &[only] = members.as_slice() else {
        return Err(Error::Members { file: file.to_owned(), found: members.len() });
    };
    let member = archive.by_index(only).map_err(|error| damaged(&error))?;
    let limit = LIMIT_MIB << 20;
    let mut text = Vec::new();
    // The size in the archive's directory is a claim; what counts is what comes out.
    member.take(limit + 1).read_to_end(&mut text).map_err(|error| damaged(&error))?;
    if text.len() as u64 > limit {
        return Err(Error::TooLarge { file: file.to_owned(), limit_mib: LIMIT_MIB });
    }
    match Content::of(&text) {
        Content::Text => Ok(text),
        other => Err(Error::WrongKind {
            file: file.to_owned(),
            found: other.describe(),
            role: "factor returns",
            accepted: "text or a zip archive of one text",
            hint: other.hint(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(members: &[(&str, usize)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, size) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&vec![b'1'; *size]).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_only_member_is_unpacked_whatever_its_name() {
        let bytes = archive(&[("../../etc/factors.csv", 10), ("__MACOSX/._factors.csv", 3)]);
        assert_eq!(unpack("f.zip", &bytes).unwrap(), b"1111111111");
    }

    #[test]
    fn archives_that_could_mislead_are_refused() {
        let message = |bytes: &[u8]| unpack("f.zip", bytes).unwrap_err().to_string();
        let bomb = archive(&[("f.csv", (64 << 20) + 1)]);
        assert!(bomb.len() < 200_000);
        let sound = archive(&[("f.csv", 100)]);
        let messages = [
            message(&bomb),
            message(&archive(&[("a.csv", 1), ("b.csv", 1)])),
            message(&archive(&[])),
            message(&sound[..60]),
        ];
        insta::assert_snapshot!(messages.join("\n"), @"
        f.zip holds more than 64 MiB
        f.zip holds 2 files; an archive of factor returns holds one
        f.zip holds 0 files; an archive of factor returns holds one
        f.zip is damaged: invalid Zip archive: Could not find EOCD
        ");
    }
}
