//! Connections to the file of a catalogue.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// How long a process waits for another one's transaction.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// Reads the file as if it could not change: nothing beside it is needed.
pub(super) fn immutable(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let mut uri = "file:".to_owned();
    for byte in whole.to_string_lossy().bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte));
            }
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri += "?immutable=1";
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
}

/// Whether a file cannot be opened for writing.
pub(super) fn is_read_only(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

/// Does a step again while other processes are in the way.
pub(super) fn retry<T>(mut step: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let pause = Duration::from_millis(20);
    for _ in 0..PATIENCE.as_millis() / pause.as_millis() {
        match step() {
            Err(error)
                if matches!(
                    error.sqlite_error_code(),
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
                ) =>
            {
                std::thread::sleep(pause);
            }
            outcome => return outcome,
        }
    }
    step()
}
