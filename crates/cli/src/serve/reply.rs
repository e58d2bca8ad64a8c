//! Answers, with the headers that keep a page to itself.

use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    HeaderValue, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};
use walkfolio::report::served::{Notice, Said, encoded};

use crate::failure::Failure;

/// An answer.
pub type Reply = Response<Bytes>;

/// Pages with script and style from here and from nowhere else.
const OWN: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Reports, which hold their script and style and ask for nothing.
const COMPLETE: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
    img-src data: blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// A page whose script and style are served here.
pub fn page(status: StatusCode, html: String) -> Reply {
    reply(status, "text/html; charset=utf-8", OWN, html.into())
}

/// A report.
pub fn report(html: Bytes) -> Reply {
    reply(StatusCode::OK, "text/html; charset=utf-8", COMPLETE, html)
}

/// A text of another kind.
pub fn text(kind: &'static str, text: impl Into<Bytes>) -> Reply {
    reply(StatusCode::OK, kind, OWN, text.into())
}

/// A file to be saved, whatever is in it.
pub fn file(name: &str, bytes: Vec<u8>) -> Reply {
    let mut reply = reply(StatusCode::OK, "application/octet-stream", OWN, bytes.into());
    let named = format!("attachment; filename*=UTF-8''{}", encoded(name));
    if let Ok(value) = HeaderValue::from_str(&named) {
        reply.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    reply
}

/// The same page at another address.
pub fn moved(address: &str) -> Reply {
    let mut reply = reply(StatusCode::FOUND, "text/plain", OWN, Bytes::new());
    if let Ok(value) = HeaderValue::from_str(address) {
        reply.headers_mut().insert(LOCATION, value);
    }
    reply
}

/// A page that says what went wrong.
pub fn failed(status: StatusCode, failure: &Failure) -> Reply {
    let said = failure.said().iter();
    let said = said.map(|(message, hint)| Said { message: message.clone(), hint: hint.clone() });
    refused(status, said.collect())
}

/// A page that says what went wrong, in these words.
pub fn refused(status: StatusCode, said: Vec<Said>) -> Reply {
    let title = match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => "Cannot be shown",
        StatusCode::INTERNAL_SERVER_ERROR => "Error",
        _ => "Refused",
    };
    let trail = super::words::trail();
    let notice = Notice { title, trail: &trail, said, ..Notice::default() };
    let mut reply = match notice.html() {
        Ok(html) => page(status, html),
        Err(error) => reply(status, "text/plain; charset=utf-8", OWN, error.to_string().into()),
    };
    if status == StatusCode::METHOD_NOT_ALLOWED {
        reply.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    reply
}

fn reply(status: StatusCode, kind: &'static str, policy: &'static str, body: Bytes) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    let headers: [(HeaderName, &'static str); 8] = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}
