//! Stand-ins for those who are told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use serde_json::Value;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that hears requests, and answers each as it is told.
pub(crate) struct Web {
    pub(crate) addr: SocketAddr,
    heard: Receiver<Request>,
}

/// A request that was heard.
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Web {
    /// Answers with these statuses in turn, then with the last one. 0: not at all, and the connection
    /// stays open.
    pub(crate) fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let (tell, heard) = sync_channel(1000);
        let serve = move || {
            let mut kept = Vec::new();
            for (place, stream) in listener.incoming().enumerate() {
                let Ok(mut stream) = stream else { return };
                let status = statuses[place.min(statuses.len() - 1)];
                let Some(request) = read(&mut stream) else { continue };
                let _ = tell.send(request);
                if status == 0 {
                    kept.push(stream);
                    continue;
                }
                let _ =
                    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
            }
        };
        std::thread::Builder::new().name("web".into()).spawn(serve).unwrap();
        Self { addr, heard }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.addr)
    }

    /// The next request.
    pub(crate) fn heard(&self) -> Request {
        self.heard.recv_timeout(PATIENCE).expect("nothing was heard")
    }
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
        head += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { head, body: serde_json::from_slice(&body).ok()? })
}

/// A mail server that takes every mail, or refuses every receiver.
pub(crate) struct Mail {
    pub(crate) addr: SocketAddr,
    heard: Receiver<String>,
}

impl Mail {
    pub(crate) fn start(refuses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let (tell, heard) = sync_channel(100);
        let serve = move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                if let Some(said) = smtp(stream, refuses) {
                    let _ = tell.send(said);
                }
            }
        };
        std::thread::Builder::new().name("mail".into()).spawn(serve).unwrap();
        Self { addr, heard }
    }

    /// All that was said about the next mail.
    pub(crate) fn heard(&self) -> String {
        self.heard.recv_timeout(PATIENCE).expect("no mail came")
    }
}

/// One conversation; what the other side said, if a mail came of it.
fn smtp(stream: TcpStream, refuses: bool) -> Option<String> {
    let mut out = stream.try_clone().ok()?;
    let mut said = String::new();
    let (mut is_data, mut came) = (false, false);
    write!(out, "220 stand-in ESMTP\r\n").ok()?;
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { break };
        said += &line;
        said.push('\n');
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if is_data => {
                (is_data, came) = (false, true);
                "250 taken"
            }
            _ if is_data => continue,
            "EHLO" => "250-stand-in\r\n250 AUTH PLAIN LOGIN",
            "RCPT" if refuses => "550 nobody of that name here",
            "DATA" => {
                is_data = true;
                "354 go on"
            }
            "AUTH" => "235 welcome",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        if write!(out, "{answer}\r\n").is_err() || line == "QUIT" {
            break;
        }
    }
    came.then_some(said)
}
