//! A stand-in for an authority that gives no certificate: it says what it is told to, and checks nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Response, Uri};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// How it goes.
#[derive(Clone, Copy)]
pub(crate) enum Says {
    /// It looked, and saw this kind of problem.
    Wrong(&'static str, &'static str),
    /// It takes no order, with this status and for this kind of problem.
    NoOrder(u16, &'static str),
    /// It says nothing that can be understood.
    Html,
}

/// The authority; it ends with the test.
pub(crate) struct StandIn {
    addr: SocketAddr,
    asked: Arc<AtomicUsize>,
    _runtime: Runtime,
}

impl StandIn {
    pub(crate) fn start(says: Says) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let addr = listener.local_addr().unwrap();
        let asked = Arc::<AtomicUsize>::default();
        let count = asked.clone();
        let routes = Router::new().fallback(move |uri: Uri| {
            count.fetch_add(1, Ordering::Relaxed);
            let answer = answer(says, uri.path(), &format!("http://{addr}"));
            async move { answer }
        });
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self { addr, asked, _runtime: runtime }
    }

    pub(crate) fn directory(&self) -> String {
        format!("http://{}/directory", self.addr)
    }

    /// How often it was asked anything.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn answer(says: Says, path: &str, base: &str) -> Response<Body> {
    if let Says::Html = says {
        return Response::builder().status(502).body(Body::from("<html>Bad gateway</html>")).unwrap();
    }
    let problem = |kind: &str, detail: &str| json!({ "type": format!("urn:ietf:params:acme:error:{kind}"), "detail": detail });
    let (status, body) = match path {
        "/directory" => (
            200,
            json!({
                "newNonce": format!("{base}/nonce"), "newAccount": format!("{base}/account"), "newOrder": format!("{base}/new"),
            }),
        ),
        "/nonce" => (200, Value::Null),
        "/account" => (201, json!({ "status": "valid" })),
        "/new" => match says {
            Says::NoOrder(status, kind) => (status, problem(kind, "As the stand-in says")),
            _ => (201, order(base, "pending")),
        },
        "/order" => (200, order(base, "invalid")),
        "/authorization" | "/challenge" => {
            let mut challenge = json!({
                "type": "tls-alpn-01", "url": format!("{base}/challenge"), "token": "token", "status": "pending",
            });
            if path == "/challenge" {
                (200, challenge)
            } else {
                // What it saw is told of the challenge, once somebody looks at it again.
                if let Says::Wrong(kind, detail) = says {
                    challenge["error"] = problem(kind, detail);
                }
                (
                    200,
                    json!({
                        "identifier": { "type": "dns", "value": "calls.example.com" }, "status": "pending",
                        "challenges": [challenge],
                    }),
                )
            }
        }
        _ => (404, problem("malformed", path)),
    };
    Response::builder()
        .status(status)
        .header("replay-nonce", "nonce")
        .header("location", format!("{base}{}", if path == "/new" { "/order" } else { "/account/1" }))
        .header("retry-after", if status == 429 { "93000" } else { "0" })
        .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
        .unwrap()
}

fn order(base: &str, status: &str) -> Value {
    json!({
        "status": status, "finalize": format!("{base}/finalize"), "authorizations": [format!("{base}/authorization")],
    })
}
