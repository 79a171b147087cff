//! Let's Encrypt's own test server (pebble), with a name server for which every name leads to this
//! computer. Nobody vouches for its own certificate, so the test runs in a process of its own that trusts it.

use std::fs;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};
use serde_json::json;
use switchboard::plugins::web::{Allowed, Web, WebRequest};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::program::PATIENCE;

/// Set where its absence is a failure and not said only.
const REQUIRED: &str = "PEBBLE_REQUIRED";
/// Names the certificate of the server, to this program and to what asks servers.
const TRUSTED: &str = "SSL_CERT_FILE";

/// Where the server is to be, whether it runs or not.
pub(crate) struct Place {
    folder: PathBuf,
    listen: u16,
    management: u16,
}

impl Place {
    /// Has this test run by a process that trusts the server. There it is told where the server is to be;
    /// in the process from before, and where the server is not installed, there is nothing more to do.
    pub(crate) fn of(test: &str) -> Option<Self> {
        const AGAIN: &str = "PEBBLE_FOLDER";
        if let Some(folder) = std::env::var_os(AGAIN) {
            return Some(Self { folder: folder.into(), listen: free_port(), management: free_port() });
        }
        let is_there = |program: &str| which::which(program).is_ok();
        if !is_there("pebble") || !is_there("pebble-challtestsrv") {
            assert!(std::env::var_os(REQUIRED).is_none(), "pebble and pebble-challtestsrv are not installed");
            println!("skipped: the test authority is not installed (Debian package pebble)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", test, "--nocapture"]);
        again.env(AGAIN, folder.path()).env(TRUSTED, folder.path().join("cert.pem"));
        assert!(again.status().unwrap().success());
        None
    }

    /// Starts a server there that knows nobody yet and asks its questions at this port.
    pub(crate) fn start(&self, port: u16) -> Pebble {
        let Self { folder, listen, management } = self;
        let config = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{listen}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": folder.join("cert.pem"),
            "privateKey": folder.join("key.pem"),
            "httpPort": 1,
            "tlsPort": port,
            "certificateValidityPeriod": 90 * 24 * 3600,
        }});
        let file = folder.join("config.json");
        fs::write(&file, config.to_string()).unwrap();
        let names = format!("127.0.0.1:{}", free_port());
        let mut name_server = Command::new("pebble-challtestsrv");
        name_server.args(["-dns01", &names, "-defaultIPv4", "127.0.0.1", "-defaultIPv6", ""]);
        name_server.args(["-http01", "", "-https01", "", "-tlsalpn01", "", "-management", "127.0.0.1:0"]);
        let mut pebble = Command::new("pebble");
        pebble.arg("-config").arg(file).args(["-dnsserver", &names]);
        pebble.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_VA_ALWAYS_VALID", "0");
        let quietly = |command: &mut Command| {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        };
        let pebble = Pebble([quietly(&mut name_server), quietly(&mut pebble)]);
        let until = Instant::now() + PATIENCE;
        while [listen, management].iter().any(|port| TcpStream::connect(("127.0.0.1", **port)).is_err()) {
            assert!(Instant::now() < until, "the test authority never listens");
            sleep(Duration::from_millis(50));
        }
        pebble
    }

    pub(crate) fn directory(&self) -> String {
        format!("https://localhost:{}/dir", self.listen)
    }

    /// What vouches for the certificates of the server that runs now.
    pub(crate) fn root(&self) -> CertificateDer<'static> {
        let url = format!("https://localhost:{}/roots/0", self.management).parse().unwrap();
        let allowed = Allowed { private: true, http: false };
        let (method, headers, body) = (Method::GET, HeaderMap::new(), Bytes::new());
        let asked = async {
            Web::default().send(WebRequest { method, url, headers, body, allowed, within: None }).await
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        CertificateDer::from_pem_slice(&runtime.block_on(asked).unwrap().body).unwrap()
    }
}

/// A running server; it ends with this, and with all that it knew.
pub(crate) struct Pebble([Child; 2]);

impl Drop for Pebble {
    fn drop(&mut self) {
        for program in &mut self.0 {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// A port that is free for both kinds of packets.
pub(crate) fn free_port() -> u16 {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        if UdpSocket::bind(addr).is_ok() {
            return addr.port();
        }
    }
}
