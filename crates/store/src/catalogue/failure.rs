//! What is wrong with a catalogue, and what to do about it.

use std::path::Path;

use rusqlite::ErrorCode;

use super::connection::PATIENCE;
use super::place::parent;
use crate::Error;

impl Error {
    pub(super) fn catalogue(path: &Path, error: &rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let broken = matches!(
            code,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown)
        ) || code.is_none();
        let reason = match code {
            Some(ErrorCode::NotADatabase) => "it is not a catalogue (not a database)".to_owned(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                format!("other processes have held it for {} seconds", PATIENCE.as_secs())
            }
            _ => error.to_string(),
        };
        let path = path.to_path_buf();
        let hint = if broken {
            rebuild_hint(&path)
        } else {
            "the runs themselves are not affected: once the folder can be written, `walkfolio runs --rebuild` enters them"
                .to_owned()
        };
        Self::Catalogue { path, reason, hint, broken }
    }

    pub(super) fn no_catalogue(path: &Path) -> Self {
        let hint = rebuild_hint(path);
        let reason = "it does not exist".to_owned();
        Self::Catalogue { path: path.to_path_buf(), reason, hint, broken: false }
    }

    pub(super) fn another_format(path: &Path, found: i64, known: i64) -> Self {
        let hint = rebuild_hint(path);
        let reason = format!("its format is {found}, and this version knows format {known}");
        Self::Catalogue { path: path.to_path_buf(), reason, hint, broken: true }
    }
}

fn rebuild_hint(path: &Path) -> String {
    let runs = parent(path).unwrap_or_default();
    format!(
        "`walkfolio runs {} --rebuild` makes it from the run folders, which hold everything that is in it",
        runs.display()
    )
}
