//! `walkfolio serve`.

mod cells;
mod connection;
mod place;
mod reply;
mod request;
mod routes;
mod run;
mod sides;
mod site;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::failure::Failure;
use crate::progress::Progress;
use request::Hosts;
use site::Site;

/// Which folder to show, and where.
#[derive(Debug, Args)]
pub struct ServeOptions {
    /// The folder of runs
    #[arg(default_value = "runs", value_name = "DIR")]
    pub folder: PathBuf,
    /// The port; 0 takes a free one, which is printed
    #[arg(long, value_name = "PORT", default_value_t = 8137)]
    pub port: u16,
    /// The address to listen on: whoever reaches it can read the runs
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    pub host: String,
    /// Open the page in a browser
    #[arg(long)]
    pub open: bool,
}

/// How often Ctrl-C is looked for.
const TICK: Duration = Duration::from_millis(20);

pub fn serve(options: &ServeOptions) -> Result<ExitCode, Failure> {
    is_folder_of_runs(&options.folder)?;
    let (listener, address) = listen(options)?;
    let hosts = Hosts { address: address.ip(), name: options.host.clone() };
    let site = Site::open(&options.folder, hosts)?;
    let runs = site.count()?;
    let url = format!("http://{address}/");
    say!("{runs} in {} at {url}", options.folder.display());
    if !address.ip().is_loopback() {
        report!(
            "warning: whoever reaches {address} can read these runs, without a password and without encryption"
        );
        report!(
            "  without --host only this machine can; over ssh: ssh -L 8137:127.0.0.1:8137 HOST"
        );
    }
    report!("Ctrl-C ends it");
    if options.open {
        open(&url);
    }
    let site = Arc::new(site);
    std::thread::spawn(move || connection::accept(&listener, &site));
    // The other threads only read: they may end anywhere.
    while !Progress::stopped() {
        std::thread::sleep(TICK);
    }
    Ok(ExitCode::SUCCESS)
}

fn is_folder_of_runs(folder: &Path) -> Result<(), Failure> {
    let shown = folder.display();
    if !folder.is_dir() {
        let hint = "`walkfolio run STUDY` creates the folder `runs`; name another one as `walkfolio serve DIR`";
        let message = format!("{shown} is not a folder of runs: it does not exist");
        return Err(Failure::plain(message, Some(hint.to_owned())));
    }
    if folder.join("run.json").is_file() {
        let around = folder.canonicalize().ok().and_then(|whole| Some(whole.parent()?.to_owned()));
        let around = around.unwrap_or_else(|| folder.to_owned());
        let hint = format!("name the folder around it: walkfolio serve {}", around.display());
        return Err(Failure::plain(format!("{shown} is a run, not a folder of runs"), Some(hint)));
    }
    Ok(())
}

/// The first address that the host has.
fn listen(options: &ServeOptions) -> Result<(TcpListener, SocketAddr), Failure> {
    let ServeOptions { host, port, .. } = options;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let failed = |error: std::io::Error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "another program has the port: --port 0 takes a free one"
            }
            std::io::ErrorKind::PermissionDenied => {
                "ports below 1024 are the system's: name a higher one"
            }
            _ => "--host is an address of this machine, such as 127.0.0.1",
        };
        Failure::plain(format!("cannot listen on {host}:{port}: {error}"), Some(hint.to_owned()))
    };
    let addresses: Vec<SocketAddr> = match bare.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, *port)],
        Err(_) => (bare, *port).to_socket_addrs().map_err(failed)?.collect(),
    };
    let listener = TcpListener::bind(addresses.as_slice()).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Asks the system for a browser; the address is printed in any case.
fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        report!("warning: no browser is opened: {opener}: {error}");
    }
}
