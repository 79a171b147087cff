//! Hands the listening socket down. The child asks over its standard input, which is one end of a
//! pair of sockets, for an address; the guard listens there, or does already, and sends the socket
//! itself along with its answer. It holds the one that was asked for last. It holds a piece of memory as
//! well, which the child may write to and the next child reads; what for is none of its business.

use std::convert::Infallible;
use std::fs::File;
use std::future::pending;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
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

use super::tell::tell;

/// The guard is quicker than this, or gone.
const PATIENCE: Duration = Duration::from_secs(2);
/// What the child asks for instead of an address.
const MEMORY: &str = "memory";
/// Longer than any address with a number.
const LONGEST: usize = 96;

/// The child's end.
#[derive(Debug)]
pub struct Line(Mutex<UnixDatagram>);

/// The sockets that the guard holds.
#[derive(Default)]
pub(super) struct Sockets {
    held: Option<(SocketAddr, TcpListener)>,
    memory: Option<OwnedFd>,
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
        Some(self.ask(&addr.to_string())?.map(TcpListener::from))
    }

    /// The memory that outlives the child, if there is any.
    #[must_use]
    pub fn memory(&self) -> Option<File> {
        self.ask(MEMORY)?.ok().map(File::from)
    }

    fn ask(&self, what: &str) -> Option<io::Result<OwnedFd>> {
        let line = self.0.lock().ok()?;
        line.send(what.as_bytes()).ok()?;
        loop {
            let (told, handed) = receive(&*line).ok()?;
            let Some((asked, code)) = told.split_once(' ') else { continue };
            // An answer that came too late for what was asked before.
            if asked != what {
                continue;
            }
            return Some(match (code.parse(), handed) {
                (Ok(0), Some(handed)) => Ok(handed),
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
            let Ok(asked) = std::str::from_utf8(&asked[..length]) else { continue };
            let held = match asked.parse() {
                Ok(addr) => self.listen(addr).await.map(AsFd::as_fd),
                Err(_) if asked == MEMORY => self.memory().map(AsFd::as_fd),
                Err(_) => continue,
            };
            let (code, handed) = match held {
                Ok(handed) => (0, Some(handed)),
                Err(error) => (error.raw_os_error().unwrap_or(-1), None),
            };
            let told = format!("{asked} {code}");
            let sent = line.async_io(Interest::WRITABLE, || send(line, &told, handed)).await;
            if let Err(cause) = sent {
                tell(format!("The listening socket could not be handed down ({cause})"));
            }
        }
    }

    /// Nobody can find it by a name, and it is gone with the last who holds it.
    fn memory(&mut self) -> io::Result<&OwnedFd> {
        if self.memory.is_none() {
            #[cfg(target_os = "linux")]
            let memory = rustix::fs::memfd_create("switchboard", rustix::fs::MemfdFlags::CLOEXEC)?;
            #[cfg(not(target_os = "linux"))]
            let memory = OwnedFd::from(tempfile::tempfile()?);
            self.memory = Some(memory);
        }
        self.memory.as_ref().ok_or_else(|| io::ErrorKind::NotFound.into())
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

fn send(line: impl AsFd, told: &str, handed: Option<BorrowedFd<'_>>) -> io::Result<()> {
    let handed: Vec<_> = handed.into_iter().collect();
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut along = SendAncillaryBuffer::new(&mut space);
    if !handed.is_empty() && !along.push(SendAncillaryMessage::ScmRights(&handed)) {
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
    fn memory_is_the_same_for_each_child() {
        use std::os::unix::fs::FileExt;
        let (_runtime, line) = guarded();
        line.memory().unwrap().write_all_at(b"a digest", 32).unwrap();
        let mut read = [0; 8];
        line.memory().unwrap().read_exact_at(&mut read, 32).unwrap();
        assert_eq!(&read, b"a digest");
    }

    #[test]
    fn a_guard_that_is_gone_is_noticed() {
        let (runtime, line) = guarded();
        runtime.shutdown_timeout(Duration::from_secs(5));
        assert!(line.listen(SocketAddr::from(([127, 0, 0, 1], 0))).is_none());
    }
}
