//! A call over https, as Retell makes it to a computer that answers https itself.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use switchboard::retell::{ApiKey, signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring};

use crate::program::{KEY, PATIENCE, Running};

/// What is sent.
pub(crate) const BODY: &str =
    r#"{"event":"call_inbound","call_inbound":{"from_number":"+12125550100","to_number":"+14155550123"}}"#;

/// Sends a signed call to the computer of this name and gives what came back; an error where its certificate
/// is not this one, nor given by it.
pub(crate) fn call(running: &Running, trusted: &CertificateDer<'static>, host: &str) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(running.url.strip_prefix("http://").unwrap())?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut stream = StreamOwned::new(connection, socket);
    let at = running.program.clock().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new(KEY), BODY.as_bytes(), at);
    write!(
        stream,
        "POST /webhook/inbound HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         {}: {signed}\r\ncontent-length: {}\r\n\r\n{BODY}",
        signature::HEADER,
        BODY.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
