//! Long calls: on a thread of their own, without the interpreter's lock, heard by Ctrl-C, no panic beyond them.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;
use walkfolio::Interrupt;

use crate::failure::Failure;
use crate::progress::Progress;

/// How often signals are looked for.
const TICK: Duration = Duration::from_millis(20);

/// Runs `work` on another thread and waits for it without the lock. A signal, or an exception of `callback`
/// (`callback(done, all)`), ends it; its result is then dropped.
pub fn work<T: Send, E: Into<Failure> + Send>(
    py: Python<'_>,
    callback: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Progress) -> Result<T, E> + Send,
) -> PyResult<T> {
    work_under(py, Interrupt::new(), callback, work)
}

/// As [`work`], ended by a flag that the work has already.
pub fn work_under<T: Send, E: Into<Failure> + Send>(
    py: Python<'_>,
    interrupt: Interrupt,
    callback: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Progress) -> Result<T, E> + Send,
) -> PyResult<T> {
    let progress = Progress::new(interrupt);
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        let watched = &progress;
        scope.spawn(move || {
            let result = catch_unwind(AssertUnwindSafe(|| work(watched)));
            // Nobody waits any more only where this call itself has panicked.
            let _ = sender.send(result);
        });
        let receiver = Mutex::new(receiver);
        let leave = || {
            progress.stop();
            next(py, &receiver, None);
        };
        wait(py, &receiver, (callback, &progress), leave)
    })
}

/// As [`work`], of what no flag ends: it owns all that it reads, and after a signal it ends unseen.
pub fn work_unseen<T: Send + 'static, E: Into<Failure> + Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> PyResult<T> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        // Nobody waits any more after a signal.
        let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
    });
    wait(py, &Mutex::new(receiver), (None, &Progress::default()), || {})
}

type Outcome<T, E> = Result<Result<T, E>, Box<dyn Any + Send>>;

fn wait<T: Send, E: Into<Failure> + Send>(
    py: Python<'_>,
    receiver: &Mutex<Receiver<Outcome<T, E>>>,
    (callback, progress): (Option<&Bound<'_, PyAny>>, &Progress),
    leave: impl FnOnce(),
) -> PyResult<T> {
    let mut told = (0, 0);
    loop {
        let outcome = next(py, receiver, Some(TICK));
        let heard = py.check_signals().and_then(|()| tell(callback, progress, &mut told));
        match (outcome, heard) {
            (Some(_), Err(error)) => return Err(error),
            (None, Err(error)) => {
                leave();
                return Err(error);
            }
            (None, Ok(())) => {}
            (Some(Ok(Ok(value))), Ok(())) => return Ok(value),
            (Some(Ok(Err(error))), Ok(())) => return Err(error.into().raise(py)),
            (Some(Err(panic)), Ok(())) => return Err(internal(panic.as_ref()).raise(py)),
        }
    }
}

/// The outcome, if it is there by then; a thread that ended without one has panicked.
fn next<T: Send, E: Send>(
    py: Python<'_>,
    receiver: &Mutex<Receiver<Outcome<T, E>>>,
    most: Option<Duration>,
) -> Option<Outcome<T, E>> {
    let received = py.detach(|| {
        let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
        match most {
            Some(most) => receiver.recv_timeout(most),
            None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    });
    match received {
        Ok(outcome) => Some(outcome),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => Some(Err(Box::new("its thread ended"))),
    }
}

fn tell(
    callback: Option<&Bound<'_, PyAny>>,
    progress: &Progress,
    told: &mut (usize, usize),
) -> PyResult<()> {
    let counts = progress.counts();
    if let Some(callback) = callback.filter(|_| counts.1 > 0 && counts != *told) {
        *told = counts;
        callback.call1(counts)?;
    }
    Ok(())
}

/// What a panic is to Python: an error of ours, never a `PanicException`.
fn internal(panic: &(dyn Any + Send)) -> Failure {
    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    let message = format!("the engine contradicts itself: {said}");
    Failure::new("InternalError", message, Some("please report it with the input".to_owned()))
}

/// Panics say nothing on the terminal: what they say is in the exception.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}
