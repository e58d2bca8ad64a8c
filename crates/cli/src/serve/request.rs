//! What is asked for, and whether it may be.

use std::net::IpAddr;

use hyper::header::HOST;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Asked {
    /// The parts of the path, decoded; the last one is empty if the path ends with a slash.
    pub path: Vec<String>,
    /// Keys and values, decoded, in order.
    query: Vec<(String, String)>,
}

/// Why a request is refused: a status and what is wrong.
pub type Refused = (StatusCode, String);

/// The hosts that a request may be for.
///
/// A page elsewhere can give its own name the address of this machine, and then reads what is served here as its own.
/// Its requests have its name.
#[derive(Debug, Clone)]
pub struct Hosts {
    /// The address that is listened on.
    pub address: IpAddr,
    /// The name of `--host`.
    pub name: String,
}

impl Hosts {
    /// Whether a host, with or without a port, may be asked for.
    fn allow(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        match name.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || !self.address.is_loopback(),
            Err(_) => {
                ["localhost", &self.name].iter().any(|known| name.eq_ignore_ascii_case(known))
            }
        }
    }
}

/// Reads a request, or says why it is refused.
pub fn read(head: &Parts, hosts: &Hosts) -> Result<Asked, Refused> {
    if head.method != Method::GET && head.method != Method::HEAD {
        let what = format!("{} changes something, and nothing here can be changed", head.method);
        return Err((StatusCode::METHOD_NOT_ALLOWED, what));
    }
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let mut named = head.headers.get_all(HOST).iter();
    let host =
        named.next().and_then(|value| value.to_str().ok()).filter(|_| named.next().is_none());
    if !host.is_some_and(|host| hosts.allow(host)) {
        let host = host.unwrap_or("none");
        let what = format!("the host `{host}` is not served here");
        return Err((StatusCode::MISDIRECTED_REQUEST, what));
    }
    // A page elsewhere may lead here, and may not embed or fetch what is here.
    if text("sec-fetch-site") == Some("cross-site") && text("sec-fetch-mode") != Some("navigate") {
        return Err((StatusCode::FORBIDDEN, "another site asks for it".to_owned()));
    }
    let bad = || (StatusCode::BAD_REQUEST, "the address cannot be read".to_owned());
    let path = head.uri.path().strip_prefix('/').ok_or_else(bad)?;
    let path: Option<Vec<String>> = path.split('/').map(decoded).collect();
    let query = head.uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let read = |text: &str| decoded(&text.replace('+', " "));
        Some((read(key)?, read(value)?))
    };
    let query: Option<Vec<(String, String)>> = query.map(pair).collect();
    Ok(Asked { path: path.ok_or_else(bad)?, query: query.ok_or_else(bad)? })
}

impl Asked {
    /// The first value of a key, unless it is empty.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values(key).find(|value| !value.is_empty())
    }

    /// The values of a key.
    pub fn values<'a, 'k>(&'a self, key: &'k str) -> impl Iterator<Item = &'a str> + use<'a, 'k> {
        self.query.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// A text without its escapes; none if it is not UTF-8 or an escape is not one.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(16 * high + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
