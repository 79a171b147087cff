//! Which network this computer is in, as far as its own address tells. The one place that asks for it, so
//! that a test can be in any.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;

/// Kept for examples in documents (RFC 5737 and RFC 3849), so nobody is there.
const NOBODY: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))];

/// Tells this computer's own address.
#[derive(Clone)]
pub struct Network(Arc<dyn Fn() -> Option<IpAddr> + Send + Sync>);

impl Network {
    /// The one that this computer is in.
    #[must_use]
    pub fn system() -> Self {
        Self::told_by(|| NOBODY.into_iter().find_map(own_address))
    }

    /// One that something else tells of, for tests.
    #[must_use]
    pub fn told_by(tell: impl Fn() -> Option<IpAddr> + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The address from which this computer would reach the internet now, if it has one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        (self.0)()
    }
}

/// The address from which this computer would reach that one; nothing is sent to find out.
fn own_address(to: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = match to {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
    socket.connect(SocketAddr::new(to, 9)).ok()?;
    socket.local_addr().ok().map(|addr| addr.ip())
}
