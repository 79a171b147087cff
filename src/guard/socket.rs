//! Hands the listening socket down. The child asks over its standard input, which is one end of a
//! pair of sockets, for an address; the guard listens there, or does already, and sends the socket
//! itself along with its answer. It holds the one that was asked for last.

use std::convert::Infallible;
use std::future::pending;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

use rustix::cmsg_space;
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use tokio::io::Interest;

/// The guard is quicker than this, or gone.
const PATIENCE: Duration = Duration::from_secs(2);
/// Longer than any address with a number.
const LONGEST: usize = 96;

/// The child's end.
#[derive(Debug)]
pub struct Line(Mutex<UnixDatagram>);

/// The sockets that the guard holds.
#[derive(Default)]
pub(super) struct Sockets {
    held: Option<(SocketAddr, TcpListener)>,
}

impl Line {
    /// Both ends of a new line: the guard's, and what becomes the child's standard input.
    pub(super) fn pair() -> io::Result<(tokio::net::UnixDatagram, Stdio)> {
        let (ours, theirs) = UnixDatagram::pair()?;
        ours.set_nonblocking(true)?;
        Ok((tokio::net::UnixDatagram::from_std(ours)?, Stdio::from(OwnedFd::from(theirs))))
    }

    pub(super) fn of_this_process() -> Option<Self> {
        let line = UnixDatagram::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
        // Anything else than a socket says no here.
        line.set_read_timeout(Some(PATIENCE)).ok()?;
        line.set_write_timeout(Some(PATIENCE)).ok()?;
        Some(Self(Mutex::new(line)))
    }

    /// A socket that listens on `addr`, which the guard holds too. `None`: there is no guard any more.
    /// Waits for the guard two seconds at most.
    #[must_use]
    pub fn listen(&self, addr: SocketAddr) -> Option<io::Result<TcpListener>> {
        let line = self.0.lock().ok()?;
        line.send(addr.to_string().as_bytes()).ok()?;
        loop {
            let (told, socket) = receive(&*line).ok()?;
            let Some((asked, code)) = told.split_once(' ') else { continue };
            // An answer that came too late for what was asked before.
            if asked != addr.to_string() {
                continue;
            }
            return Some(match (code.parse(), socket) {
                (Ok(0), Some(socket)) => Ok(TcpListener::from(socket)),
                (Ok(code), _) => Err(io::Error::from_raw_os_error(code)),
                (Err(_), _) => return None,
            });
        }
    }
}

impl Sockets {
    /// Does what the child asks, as long as it lives.
    pub(super) async fn hand_down(&mut self, line: &tokio::net::UnixDatagram) -> Infallible {
        let mut asked = [0; LONGEST];
        loop {
            // When the child is gone, its end is told elsewhere.
            let Ok(length) = line.recv(&mut asked).await else { return pending().await };
            let Some(addr) = std::str::from_utf8(&asked[..length]).ok().and_then(|addr| addr.parse().ok())
            else {
                continue;
            };
            let (code, socket) = match self.listen(addr).await {
                Ok(socket) => (0, Some(socket)),
                Err(error) => (error.raw_os_error().unwrap_or(-1), None),
            };
            let told = format!("{addr} {code}");
            let sent = line.async_io(Interest::WRITABLE, || send(line, &told, socket)).await;
            if let Err(cause) = sent {
                eprintln!("The listening socket could not be handed down ({cause})");
            }
        }
    }

    async fn listen(&mut self, addr: SocketAddr) -> io::Result<&TcpListener> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != addr) {
            // Let go of first: the same port on another of this computer's addresses may be wanted.
            self.held = None;
            let socket = tokio::net::TcpListener::bind(addr).await?.into_std()?;
            self.held = Some((addr, socket));
        }
        self.held.as_ref().map(|(_, socket)| socket).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn send(line: impl AsFd, told: &str, socket: Option<&TcpListener>) -> io::Result<()> {
    let sockets: Vec<_> = socket.iter().map(|socket| socket.as_fd()).collect();
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut along = SendAncillaryBuffer::new(&mut space);
    if !sockets.is_empty() && !along.push(SendAncillaryMessage::ScmRights(&sockets)) {
        return Err(io::ErrorKind::OutOfMemory.into());
    }
    sendmsg(line, &[IoSlice::new(told.as_bytes())], &mut along, SendFlags::empty())?;
    Ok(())
}

fn receive(line: impl AsFd) -> io::Result<(String, Option<OwnedFd>)> {
    let mut told = [0; LONGEST];
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut along = RecvAncillaryBuffer::new(&mut space);
    let length = recvmsg(line, &mut [IoSliceMut::new(&mut told)], &mut along, RecvFlags::empty())?.bytes;
    let socket = along.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut sockets) => sockets.next(),
        _ => None,
    });
    if let Some(socket) = &socket {
        // No program that is started from here is to hold it.
        fcntl_setfd(socket, FdFlags::CLOEXEC)?;
    }
    Ok((String::from_utf8_lossy(&told[..length]).into_owned(), socket))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A guard that answers in the background, and a child's line to it.
    fn guarded() -> (tokio::runtime::Runtime, Line) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        theirs.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        runtime.spawn(async move {
            let line = tokio::net::UnixDatagram::from_std(ours).unwrap();
            Sockets::default().hand_down(&line).await
        });
        (runtime, Line(Mutex::new(theirs)))
    }

    #[test]
    fn the_same_socket_is_handed_down_again_and_the_one_before_is_let_go() {
        let (_runtime, line) = guarded();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let first = line.listen(any).unwrap().unwrap();
        let port = first.local_addr().unwrap();
        drop(first);
        // Somebody holds it still: who connects waits.
        let _caller = std::net::TcpStream::connect(port).unwrap();
        let again = line.listen(any).unwrap().unwrap();
        assert_eq!(again.local_addr().unwrap(), port);
        assert!(again.accept().is_ok(), "the caller who waited");
        drop(again);
        // It listens where it was told to, and no more where it was before.
        line.listen(SocketAddr::from(([127, 0, 0, 1], port.port()))).unwrap().unwrap();
        let elsewhere = TcpListener::bind(any).unwrap();
        let taken = line.listen(elsewhere.local_addr().unwrap()).unwrap().unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
        assert!(TcpListener::bind(port).is_ok());
    }

    #[test]
    fn a_guard_that_is_gone_is_noticed() {
        let (runtime, line) = guarded();
        runtime.shutdown_timeout(Duration::from_secs(5));
        assert!(line.listen(SocketAddr::from(([127, 0, 0, 1], 0))).is_none());
    }
}
