//! Requests that may fail: time-outs, a limit of size, tries again.

use std::io::Read;
use std::time::Duration;

use jiff::Timestamp;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use ureq::Agent;
use ureq::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ureq::http::{HeaderMap, Response};

use super::backoff::{Backoff, retry_after};
use crate::source::Content;
use crate::{Error, Result};

/// Limits of every request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a whole request, from the connection to the last byte.
    pub time_out: Duration,
    /// Bytes of a body, after it is unpacked.
    pub largest_body: u64,
    /// Tries and waits.
    pub backoff: Backoff,
}

impl Default for Limits {
    fn default() -> Self {
        let time_out = Duration::from_secs(30);
        Self { time_out, largest_body: 64 << 20, backoff: Backoff::default() }
    }
}

/// A client of one call of the program.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    limits: Limits,
}

/// Why a try failed, and whether another one may help.
struct Failed {
    reason: String,
    again: bool,
    asked: Option<Duration>,
}

impl Failed {
    fn for_good(reason: String) -> Self {
        Self { reason, again: false, asked: None }
    }

    fn passing(reason: String) -> Self {
        Self { reason, again: true, asked: None }
    }
}

impl Client {
    pub(super) fn new(limits: Limits) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(limits.time_out))
            .http_status_as_error(false)
            .max_redirects(3)
            // Yahoo answers 429 to programs that do not look like a browser.
            .user_agent("Mozilla/5.0 (compatible; walkfolio)")
            .build();
        Self { agent: config.into(), limits }
    }

    /// The body of a response that succeeds, or that is a text in which the vendor says why not.
    ///
    /// `stopped` is asked before each try and while waiting.
    pub(super) fn get(&self, url: &str, stopped: &dyn Fn() -> bool) -> Result<Vec<u8>> {
        let mut tries = 0;
        // Jitter is to differ from client to client; nothing that is computed depends on it.
        let mut random = ChaCha8Rng::seed_from_u64(seed(url));
        loop {
            if stopped() {
                return Err(failure(url, tries, "stopped".to_owned()));
            }
            tries += 1;
            let failed = match self.once(url) {
                Ok(body) => return Ok(body),
                Err(failed) => failed,
            };
            if !failed.again || tries >= self.limits.backoff.tries {
                return Err(failure(url, tries, failed.reason));
            }
            let part = f64::from(random.next_u32()) / f64::from(u32::MAX);
            let Some(wait) = self.limits.backoff.wait(tries, failed.asked, part) else {
                let seconds = failed.asked.unwrap_or_default().as_secs();
                let reason = format!("{} and asks to wait {seconds} s", failed.reason);
                return Err(failure(url, tries, reason));
            };
            pause(wait, stopped);
        }
    }

    fn once(&self, url: &str) -> Result<Vec<u8>, Failed> {
        let response = self.agent.get(url).call().map_err(|error| failed(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.body(response)?;
        let reason = format!("the server answers {status}");
        match status.as_u16() {
            200..=299 => check(&headers, &body).map(|()| body),
            429 | 500 | 502..=504 => {
                let after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                let asked = after.and_then(|text| retry_after(text, Timestamp::now()));
                Err(Failed { reason, again: true, asked })
            }
            // Yahoo explains an unknown ticker in the body of its 404.
            400..=499 if Content::of(&body) == Content::Json => Ok(body),
            _ => Err(Failed::for_good(reason)),
        }
    }

    fn body(&self, response: Response<ureq::Body>) -> Result<Vec<u8>, Failed> {
        let limit = self.limits.largest_body;
        let mut body = Vec::new();
        // What counts is what comes out: a small gzip may hold gigabytes.
        let mut reader = response.into_body().into_reader().take(limit + 1);
        reader
            .read_to_end(&mut body)
            .map_err(|error| Failed::passing(format!("the body breaks off: {error}")))?;
        if body.len() as u64 > limit {
            return Err(Failed::for_good(format!("the body has more than {limit} bytes")));
        }
        Ok(body)
    }
}

/// Refuses pages and pictures, whatever the status says.
fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), Failed> {
    if body.trim_ascii().is_empty() {
        return Err(Failed::passing("the body is empty".to_owned()));
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if Content::of(body) == Content::Html {
        // The page of a limit or of a login passes; a second look may get the data.
        return Err(Failed::passing("the server answers with a web page".to_owned()));
    }
    let media = kind.split('/').next().unwrap_or_default();
    if ["image", "audio", "video", "font"].contains(&media) {
        return Err(Failed::for_good(format!("the server answers with {kind}")));
    }
    Ok(())
}

fn failed(error: &ureq::Error) -> Failed {
    let reason = error.to_string();
    match error {
        ureq::Error::BadUri(_)
        | ureq::Error::RequireHttpsOnly(_)
        | ureq::Error::TooManyRedirects
        | ureq::Error::Tls(_) => Failed::for_good(reason),
        _ => Failed::passing(reason),
    }
}

fn failure(url: &str, tries: u32, reason: String) -> Error {
    Error::Fetch { url: url.to_owned(), tries, reason }
}

/// Waits in short steps, so that Ctrl-C is heard.
fn pause(wait: Duration, stopped: &dyn Fn() -> bool) {
    const STEP: Duration = Duration::from_millis(50);
    let mut left = wait;
    while !left.is_zero() && !stopped() {
        std::thread::sleep(left.min(STEP));
        left = left.saturating_sub(STEP);
    }
}

fn seed(url: &str) -> u64 {
    let clock = u64::try_from(Timestamp::now().as_nanosecond() & 0xffff_ffff).unwrap_or_default();
    url.bytes().fold(clock, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)))
}
