//! Addresses of clusters.

/// The address of a cluster on the command line.
pub fn parse_address(text: &str) -> Result<String, String> {
    let known = ["ray://", "dask://"].iter().any(|scheme| text.starts_with(scheme));
    let hint = "write ray://HOST:PORT or dask://HOST:PORT; without a host a cluster of this machine is started";
    if known { Ok(text.to_owned()) } else { Err(hint.to_owned()) }
}
