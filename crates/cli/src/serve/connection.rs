//! Connections: hyper reads and writes HTTP/1.1, a thread and its blocking socket for each.

use std::convert::Infallible;
use std::future::Future;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use hyper::Request;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::rt::ReadBufCursor;
use hyper::server::conn::http1;
use hyper::service::service_fn;

use super::routes::answer;
use super::site::Site;

/// Connections at a time; a browser has six.
const MOST: usize = 64;
/// A request must be there whole after this time, and a connection without one ends.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of a request's head.
const HEAD: usize = 32 * 1024;

/// Answers until the program ends.
pub fn accept(listener: &TcpListener, site: &Arc<Site>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // No file is free, or the like: what is open ends first.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        if open.load(Ordering::Relaxed) >= MOST {
            continue;
        }
        let (site, one) = (Arc::clone(site), One::new(&open));
        // A system without a further thread drops the connection.
        let _ = std::thread::Builder::new().spawn(move || {
            let _one = one;
            talk(stream, &site);
        });
    }
}

/// One of the connections that are open.
struct One(Arc<AtomicUsize>);

impl One {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(open))
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers the requests of one connection.
fn talk(stream: TcpStream, site: &Site) {
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let _ = stream.set_nodelay(true);
    let owed = Arc::new(AtomicBool::new(false));
    let service = service_fn(|request: Request<Incoming>| {
        let (head, _) = request.into_parts();
        let reply = answer(site, &head);
        owed.store(true, Ordering::Relaxed);
        async move { Ok::<_, Infallible>(reply.map(Whole::from)) }
    });
    let mut builder = http1::Builder::new();
    // A socket that blocks cannot be asked whether the other side has gone.
    builder.half_close(true).max_buf_size(HEAD).max_headers(64);
    let connection = builder.serve_connection(Socket::new(stream, &owed), service);
    let mut connection = pin!(connection);
    let again = Arc::new(Again::default());
    let waker = Waker::from(Arc::clone(&again));
    let mut context = Context::from_waker(&waker);
    // The socket is always ready, so that hyper only waits where it asks to be called again.
    while connection.as_mut().poll(&mut context).is_pending() {
        if !again.0.swap(false, Ordering::Relaxed) {
            break;
        }
    }
}

/// Whether a future has asked to be polled again.
#[derive(Default)]
struct Again(AtomicBool);

impl Wake for Again {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A socket that blocks, as hyper reads and writes one.
struct Socket {
    stream: TcpStream,
    until: Instant,
    /// Whether an answer is not written yet: the rest of its request, which nobody wants, is not waited for.
    owed: Arc<AtomicBool>,
}

impl Socket {
    fn new(stream: TcpStream, owed: &Arc<AtomicBool>) -> Self {
        Self { stream, until: Instant::now() + PATIENCE, owed: Arc::clone(owed) }
    }
}

impl hyper::rt::Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.owed.load(Ordering::Relaxed) {
            return Poll::Pending;
        }
        let mut bytes = [0; 4096];
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let room = bytes.len().min(into.remaining());
        let read = self
            .stream
            .set_read_timeout(Some(left))
            .and_then(|()| self.stream.read(&mut bytes[..room]));
        Poll::Ready(read.map(|count| into.put_slice(&bytes[..count])))
    }
}

impl hyper::rt::Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.owed.store(false, Ordering::Relaxed);
        let written = self.stream.write(bytes);
        self.until = Instant::now() + PATIENCE;
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.shutdown(Shutdown::Write))
    }
}

/// A body that is there whole.
struct Whole(Option<Bytes>);

impl From<Bytes> for Whole {
    fn from(bytes: Bytes) -> Self {
        Self((!bytes.is_empty()).then_some(bytes))
    }
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
