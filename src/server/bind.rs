//! Taking the port, and words for when that fails.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::holder::Holder;
use crate::guard::Line;

/// How many ports above a taken one are tried.
const TRIES: u16 = 100;

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has the port.
    #[error("Port {port} is already used by {holder}, or choose another port in Settings.")]
    PortTaken {
        /// The port.
        port: u16,
        /// Who has it.
        holder: Holder,
    },
    /// The system reserves the port.
    #[error("The system does not allow port {port}: choose one between 1024 and 65535 in Settings.")]
    NotAllowed {
        /// The port.
        port: u16,
    },
    /// The address is another computer's, or none.
    #[error(
        "{addr} is not an address of this computer: choose 127.0.0.1 in Settings, \
         or an address of this computer's network."
    )]
    NotHere {
        /// The address.
        addr: SocketAddr,
    },
    /// Anything else.
    #[error("Calls cannot be received on {addr}: choose another port in Settings ({source}).")]
    Other {
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// Where listening sockets come from: from the guard if there is one, who holds them while the
/// program is started again, else from the system.
#[derive(Clone, Debug, Default)]
pub struct Sockets(Option<Arc<Line>>);

impl Sockets {
    /// From the guard at the other end of this line.
    #[must_use]
    pub fn of(line: Option<Line>) -> Self {
        Self(line.map(Arc::new))
    }

    /// Listens on `addr`. Port 0 lets the system choose one.
    pub async fn bind(&self, addr: SocketAddr) -> Result<TcpListener, BindError> {
        if let Some(line) = self.0.clone() {
            let handed_down = tokio::task::spawn_blocking(move || line.listen(addr)).await;
            if let Ok(Some(socket)) = handed_down {
                let usable = socket.and_then(|socket| {
                    socket.set_nonblocking(true)?;
                    TcpListener::from_std(socket)
                });
                return match usable {
                    Ok(listener) => Ok(listener),
                    Err(source) => Err(in_words(addr, source).await),
                };
            }
            tracing::warn!("the guard does not answer, so the port is taken without it");
        }
        match TcpListener::bind(addr).await {
            Ok(listener) => Ok(listener),
            Err(source) => Err(in_words(addr, source).await),
        }
    }
}

/// Listens on `addr` without a guard.
pub async fn bind(addr: SocketAddr) -> Result<TcpListener, BindError> {
    Sockets::default().bind(addr).await
}

async fn in_words(addr: SocketAddr, source: io::Error) -> BindError {
    let port = addr.port();
    match source.kind() {
        io::ErrorKind::AddrInUse => {
            let holder = tokio::task::spawn_blocking(move || Holder::of(port)).await;
            BindError::PortTaken { port, holder: holder.unwrap_or(Holder::Hidden) }
        }
        io::ErrorKind::PermissionDenied => BindError::NotAllowed { port },
        io::ErrorKind::AddrNotAvailable => BindError::NotHere { addr },
        _ => BindError::Other { addr, source },
    }
}

/// The next address with a higher port that is free now, to offer when one is taken. Never
/// taken by itself: the tunnel and Retell point at the port that was set.
pub async fn next_free(taken: SocketAddr) -> Option<SocketAddr> {
    for step in 1..=TRIES {
        let addr = SocketAddr::new(taken.ip(), taken.port().checked_add(step)?);
        if TcpListener::bind(addr).await.is_ok() {
            return Some(addr);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_and_another_one_found() {
        let first = bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let taken = first.local_addr().unwrap();
        let error = bind(taken).await.unwrap_err();
        assert!(error.to_string().contains(&format!("Port {}", taken.port())));
        // Who runs this test.
        let own = format!("(process {})", std::process::id());
        assert!(!cfg!(target_os = "linux") || error.to_string().contains(&own), "{error}");
        let free = next_free(taken).await.unwrap();
        assert!(free.port() > taken.port());
        assert!(bind(free).await.is_ok());
    }

    #[tokio::test]
    async fn an_address_of_another_computer_is_named() {
        let elsewhere = SocketAddr::from(([192, 0, 2, 1], 8787));
        let error = bind(elsewhere).await.unwrap_err();
        assert!(matches!(error, BindError::NotHere { addr } if addr == elsewhere));
    }
}
