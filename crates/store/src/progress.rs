//! How far a run that is under way has come: a small file next to its checkpoints.
//!
//! `.checkpoint/.progress.json` is replaced as a whole, at most once a second, and removed when the run ends. It is
//! no result: it is not synced to the disk, and a run does not need it to be resumed. While the process
//! lives it holds a lock on `.checkpoint/.running`, so that a run that was killed is told from one that goes on.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoints;
use crate::folder::{CHECKPOINTS, PROGRESS};

/// Locked by the process that makes the run.
const LOCK: &str = ".running";
/// The file is not written more often.
const PAUSE: Duration = Duration::from_secs(1);
/// The rate is that of the last so many writes.
const SAMPLES: usize = 60;

/// How far a run that is under way has come.
///
/// # Examples
/// ```
/// use walkfolio_store::Progress;
///
/// let text = r#"{ "unit": "decisions", "total": 100, "done": 40, "began": "2026-11-29T12:00:00Z",
///     "updated": "2026-11-29T12:00:20Z", "since": "2026-11-29T12:00:10Z", "since_done": 20 }"#;
/// let progress: Progress = serde_json::from_str(text)?;
/// assert_eq!(progress.rate(), Some(2.0)); // a second
/// assert_eq!(progress.seconds_left(), Some(30.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What is counted: `decisions` or `backtests`.
    pub unit: String,
    /// How many there are.
    pub total: usize,
    /// How many are done, those of a checkpoint included.
    pub done: usize,
    /// When this process began with them (UTC).
    pub began: Timestamp,
    /// When this was written.
    pub updated: Timestamp,
    /// An earlier moment, from which the rate is measured.
    pub since: Timestamp,
    /// How many were done then.
    pub since_done: usize,
}

impl Progress {
    /// That of the run in a folder; none if it has ended, or has not begun to decide.
    pub fn read(run: &Path) -> Option<Self> {
        let path = run.join(CHECKPOINTS).join(PROGRESS);
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// How many are done a second, once that can be known.
    pub fn rate(&self) -> Option<f64> {
        let seconds = self.updated.duration_since(self.since).as_secs_f64();
        let done = self.done.checked_sub(self.since_done)?;
        (done > 0 && seconds > 0.0).then(|| done as f64 / seconds)
    }

    /// Seconds that the rest takes at this rate, from the last write on.
    pub fn seconds_left(&self) -> Option<f64> {
        self.rate().map(|rate| self.total.saturating_sub(self.done) as f64 / rate)
    }
}

/// Whether a process is at work on a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtWork {
    /// One is.
    Yes,
    /// None is: it was killed.
    No,
    /// The folder does not tell: it has no lock, or its file system knows none.
    Unknown,
}

impl AtWork {
    /// Asks the folder of a run. Nothing in it changes.
    pub fn on(run: &Path) -> Self {
        let Ok(file) = File::open(run.join(CHECKPOINTS).join(LOCK)) else { return Self::Unknown };
        match file.try_lock_shared() {
            Ok(()) => Self::No,
            Err(TryLockError::WouldBlock) => Self::Yes,
            Err(TryLockError::Error(_)) => Self::Unknown,
        }
    }
}

/// Writes how far a run has come, as long as it lives.
///
/// What cannot be written is left out: no run fails of it.
///
/// # Examples
/// ```
/// use walkfolio_store::{AtWork, Checkpoints, Progress, ProgressFile};
///
/// let run = std::env::temp_dir().join(format!("walkfolio-progress-{}", std::process::id()));
/// let file = ProgressFile::new(&Checkpoints::new(run.join(".checkpoint"), 12));
/// file.begin("decisions", 3);
/// file.decided();
/// assert_eq!(Progress::read(&run).map(|progress| progress.total), Some(3));
/// assert_eq!(AtWork::on(&run), AtWork::Yes);
/// drop(file);
/// assert_eq!(Progress::read(&run), None);
/// # std::fs::remove_dir_all(&run)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct ProgressFile {
    folder: PathBuf,
    lock: Option<File>,
    state: Mutex<Option<State>>,
}

#[derive(Debug)]
struct State {
    unit: &'static str,
    total: usize,
    done: usize,
    began: Timestamp,
    written: Instant,
    /// When the last writes were, and how many were done then; the oldest first.
    samples: Vec<(Timestamp, usize)>,
}

impl ProgressFile {
    /// Next to these checkpoints; another process that is at work on the same run keeps its lock.
    pub fn new(checkpoints: &Checkpoints) -> Self {
        let folder = checkpoints.folder().to_path_buf();
        let locked = fs::create_dir_all(&folder)
            .and_then(|()| File::create(folder.join(LOCK)))
            .ok()
            .filter(|file| file.try_lock().is_ok());
        Self { folder, lock: locked, state: Mutex::new(None) }
    }

    /// So many of a unit are to be done from here on.
    pub fn begin(&self, unit: &'static str, total: usize) {
        let now = Timestamp::now();
        let state = State {
            unit,
            total,
            done: 0,
            began: now,
            written: Instant::now(),
            samples: Vec::new(),
        };
        self.write(&state, now);
        *self.known() = Some(state);
    }

    /// One more is done.
    pub fn decided(&self) {
        let mut known = self.known();
        let Some(state) = known.as_mut() else { return };
        state.done += 1;
        if state.written.elapsed() < PAUSE {
            return;
        }
        let now = Timestamp::now();
        state.written = Instant::now();
        // The first second is left out of the rate: what a checkpoint had is counted in it.
        state.samples.push((now, state.done));
        if state.samples.len() > SAMPLES {
            state.samples.remove(0);
        }
        self.write(state, now);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Replaces the file as a whole.
    fn write(&self, state: &State, now: Timestamp) {
        let (since, since_done) = state.samples.first().copied().unwrap_or((now, state.done));
        let progress = Progress {
            unit: state.unit.to_owned(),
            total: state.total,
            done: state.done,
            began: state.began,
            updated: now,
            since,
            since_done,
        };
        let (half, whole) = (self.folder.join(".progress.tmp"), self.folder.join(PROGRESS));
        if let Ok(text) = serde_json::to_vec(&progress) {
            let _ = fs::write(&half, text).and_then(|()| fs::rename(&half, &whole));
        }
    }
}

impl Drop for ProgressFile {
    /// Removes the files, and the folder if it holds no checkpoint.
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            let _ = fs::remove_file(self.folder.join(PROGRESS));
            let _ = fs::remove_file(self.folder.join(LOCK));
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(place: &Path) -> ProgressFile {
        ProgressFile::new(&Checkpoints::new(place.join(CHECKPOINTS), 1))
    }

    #[test]
    fn the_rate_leaves_out_what_a_checkpoint_had() {
        let place = tempfile::tempdir().unwrap();
        let file = file(place.path());
        file.begin("decisions", 1000);
        for _ in 0..500 {
            file.decided();
        }
        assert_eq!(Progress::read(place.path()).unwrap().done, 0, "it is written once a second");
        let later = |file: &ProgressFile| {
            let mut known = file.known();
            let state = known.as_mut().unwrap();
            state.written = state.written.checked_sub(PAUSE).unwrap();
            for (when, _) in &mut state.samples {
                *when = when.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap();
            }
        };
        later(&file);
        file.decided();
        let first = Progress::read(place.path()).unwrap();
        assert_eq!((first.done, first.rate(), first.seconds_left()), (501, None, None));
        later(&file);
        for _ in 0..10 {
            file.decided();
        }
        later(&file);
        file.decided();
        let second = Progress::read(place.path()).unwrap();
        assert_eq!((second.done, second.since_done), (512, 501));
        let rate = second.rate().unwrap();
        assert!((5.0..5.6).contains(&rate), "{rate}");
        assert!((second.seconds_left().unwrap() - 488.0 / rate).abs() < 1e-9);
    }

    #[test]
    fn a_run_that_was_killed_is_told_from_one_at_work() {
        let place = tempfile::tempdir().unwrap();
        assert_eq!(AtWork::on(place.path()), AtWork::Unknown);
        let one = file(place.path());
        assert_eq!(AtWork::on(place.path()), AtWork::Yes);
        // A second process neither waits nor takes away what the first one has.
        drop(file(place.path()));
        assert_eq!(AtWork::on(place.path()), AtWork::Yes);
        one.begin("decisions", 2);
        // As a kill leaves it: the lock goes, the files stay.
        one.lock.as_ref().unwrap().unlock().unwrap();
        assert_eq!(AtWork::on(place.path()), AtWork::No);
        assert!(Progress::read(place.path()).is_some());
        drop(one);
        assert!(!place.path().join(CHECKPOINTS).exists());
    }

    #[test]
    fn what_cannot_be_written_is_left_out() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(CHECKPOINTS), "a file is in the way").unwrap();
        let file = file(place.path());
        file.begin("decisions", 2);
        file.decided();
        assert_eq!(Progress::read(place.path()), None);
        assert_eq!(AtWork::on(place.path()), AtWork::Unknown);
    }
}
