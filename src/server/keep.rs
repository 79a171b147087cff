//! Keeps the port: listens where it is told to, moves when told otherwise, and tries again each
//! second while something is in the way. Never takes another port by itself: the tunnel and
//! Retell point at this one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::{Https, Limits, Sockets, next_free, run};
use crate::service::Receiver;
use crate::service::messages::Serving;

/// The pause between two tries to take a port.
const RETRY: Duration = Duration::from_secs(1);

/// Serves wherever `listen` says, until its sender is gone; then stops gracefully and returns.
/// `state` always tells whether calls can be received.
pub async fn keep(
    receiver: Arc<impl Receiver>,
    sockets: Sockets,
    mut listen: watch::Receiver<SocketAddr>,
    https: Https,
    state: watch::Sender<Serving>,
) {
    let mut stopping: Option<JoinHandle<()>> = None;
    loop {
        let addr = *listen.borrow_and_update();
        let Some(listener) = take(addr, &sockets, &mut listen, &state).await else {
            if listen.has_changed().is_err() {
                break;
            }
            continue;
        };
        let bound = listener.local_addr().unwrap_or(addr);
        state.send_replace(Serving::Listening(bound));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving =
            tokio::spawn(run(listener, receiver.clone(), Limits::default(), https.clone(), async move {
                let _ = stopped.await;
            }));
        let is_over = listen.changed().await.is_err();
        drop(stop);
        // Requests under way on the old port are finished while the new one is already served.
        stopping = Some(serving);
        if is_over {
            break;
        }
    }
    if let Some(serving) = stopping {
        let _ = serving.await;
    }
}

/// Takes a port, trying until it is free. `None`: it should be another one now, or none.
async fn take(
    addr: SocketAddr,
    sockets: &Sockets,
    listen: &mut watch::Receiver<SocketAddr>,
    state: &watch::Sender<Serving>,
) -> Option<TcpListener> {
    loop {
        match sockets.bind(addr).await {
            Ok(listener) => return Some(listener),
            Err(error) => {
                let free_port = next_free(addr).await.map(|addr| addr.port());
                let blocked = Serving::Blocked { addr, reason: error.to_string(), free_port };
                state.send_if_modified(|state| {
                    let is_news = *state != blocked;
                    *state = blocked;
                    is_news
                });
            }
        }
        tokio::select! {
            () = sleep(RETRY) => {}
            _ = listen.changed() => return None,
        }
    }
}
