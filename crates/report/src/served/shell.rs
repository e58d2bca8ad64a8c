//! The shell around a page whose style and script are served.

use minijinja::context;
use minijinja::value::{Serde, Value};

use super::link::Link;
use crate::Result;
use crate::template::fill;

/// A page around a body that is escaped already.
pub(super) fn whole(title: &str, trail: &[Link], body: String) -> Result<String> {
    let values = context! {
        title => title,
        trail => Value::from(Serde(trail)),
        body => Value::from_safe_string(body),
    };
    fill(include_str!("shell.html"), values)
}
