//! How long to wait before a request is tried again.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// Exponential backoff with full jitter.
///
/// # Source
/// Brooker (2015), "Exponential Backoff and Jitter", AWS Architecture Blog.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// Tries in all.
    pub tries: u32,
    /// The longest wait before the second try; it doubles from try to try.
    pub first: Duration,
    /// The longest wait; a server that asks for more ends the request.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { tries: 5, first: Duration::from_secs(1), longest: Duration::from_mins(1) }
    }
}

impl Backoff {
    /// The wait after `failed` tries: what the server asked for, or a random part (`0..1`) of the
    /// step, so that clients that failed together do not come back together. None if the server
    /// asks for too much.
    pub(super) fn wait(
        &self,
        failed: u32,
        asked: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if let Some(asked) = asked {
            return Some(asked).filter(|asked| *asked <= self.longest);
        }
        let doublings = failed.saturating_sub(1).min(16);
        let step = self.first.saturating_mul(1 << doublings).min(self.longest);
        Some(step.mul_f64(random.clamp(0.0, 1.0)))
    }
}

/// A `Retry-After` header: seconds, or an HTTP date.
pub(super) fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_a_limit_and_the_server_comes_first() {
        let backoff = Backoff::default();
        let seconds = |failed| backoff.wait(failed, None, 1.0).unwrap().as_secs();
        assert_eq!([1, 2, 3, 4, 40].map(seconds), [1, 2, 4, 8, 60]);
        assert_eq!(backoff.wait(3, None, 0.5), Some(Duration::from_secs(2)));
        let asked = |seconds| backoff.wait(1, Some(Duration::from_secs(seconds)), 0.0);
        assert_eq!([asked(7), asked(3_600)], [Some(Duration::from_secs(7)), None]);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-24T20:00:00Z".parse().unwrap();
        let seconds = |text| retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds(" 120 "), Some(120));
        assert_eq!(seconds("Tue, 24 Nov 2026 20:00:30 GMT"), Some(30));
        assert_eq!(seconds("Tue, 24 Nov 2026 19:00:30 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
    }
}
