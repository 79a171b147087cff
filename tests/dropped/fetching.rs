//! What plugins can fetch: from servers that the owner allowed, and from nobody else.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use switchboard::plugins::Host;
use switchboard::routing::Value;

use super::{find, script};

/// A server that answers each request by its path.
fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::Builder::new()
        .name("server".into())
        .spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let answer = move || -> std::io::Result<()> {
                    let mut buffer = [0; 4096];
                    let length = stream.read(&mut buffer)?;
                    let request = String::from_utf8_lossy(&buffer[..length]).into_owned();
                    let path = request.split(' ').nth(1).unwrap_or_default();
                    match path {
                        "/api/away" => write!(stream, "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
                        "/api/endless" => {
                            write!(stream, "HTTP/1.1 200 OK\r\n\r\n")?;
                            loop {
                                stream.write_all(&[b'x'; 8192])?;
                            }
                        }
                        "/api/slow" => {
                            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n")?;
                            loop {
                                stream.write_all(b"x")?;
                                std::thread::sleep(Duration::from_millis(100));
                            }
                        }
                        _ => {
                            let token = request.lines().find(|line| line.to_lowercase().starts_with("x-token"));
                            let body = format!(r#"{{"name":"Ada","token":"{}"}}"#, token.unwrap_or_default());
                            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
                        }
                    }
                };
                let _ = std::thread::Builder::new().name("answer".into()).spawn(answer);
            }
        })
        .unwrap();
    addr
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_fetches_where_it_may() {
    let (addr, host) = (server(), Host::default());
    host.web.warm();
    let more = format!("budget_ms = 1400\n[allow]\nfetch = [\"http://{addr}/api/\"]\nown_network = true\n");
    for (what, path, expected) in [
        ("an answer", "/api/customer", Ok("200 true Ada x-token: secret")),
        ("another path", "/elsewhere", Err("none of the addresses that it may ask")),
        ("a path that climbs out", "/api/../elsewhere", Err("none of the addresses that it may ask")),
        ("pointed out", "/api/away", Err("none of the addresses that it may ask")),
        ("without end", "/api/endless", Err("larger than 256 KB")),
    ] {
        let code = format!(
            r#"export async function facts() {{
                const answer = await fetch("http://{addr}{path}", {{ headers: {{ "X-Token": "secret" }} }});
                const {{ name, token }} = await answer.json();
                return {{ "crm.name": `${{answer.status}} ${{answer.ok}} ${{name}} ${{token}}` }};
            }}"#
        );
        let found = find(&script(&code, &more).unwrap(), &host).await;
        match expected {
            Ok(text) => {
                let found = found.unwrap_or_else(|fault| panic!("{what}: {fault}"));
                let Some(Value::Text(said)) = found.facts.get("crm.name") else {
                    panic!("{what}: {found:?}")
                };
                assert_eq!(said.to_lowercase(), text.to_lowercase(), "{what}");
            }
            Err(part) => {
                let fault = found.unwrap_err().to_string();
                assert!(fault.contains(part), "{what}: {fault}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_to_come_is_heard_by_the_script_and_never_late() {
    let addr = server();
    let own = "own_network = true\n";
    for (what, url, allow, part) in [
        ("nothing allowed", format!("http://{addr}/api/x"), String::new(), "none of the addresses"),
        (
            "another server than the one allowed",
            format!("http://{addr}/"),
            "[allow]\nfetch = [\"https://example.com/\"]\n".into(),
            "none of the addresses",
        ),
        ("no address", "nowhere".into(), String::new(), "is no address"),
        ("a file", "file:///etc/passwd".into(), String::new(), "file: is none of the addresses"),
        (
            "slow drip",
            format!("http://{addr}/api/slow"),
            format!("budget_ms = 200\n[allow]\nfetch = [\"http://{addr}/\"]\n{own}"),
            "did not answer within 200 ms",
        ),
    ] {
        let code = format!("export async function facts() {{ await fetch('{url}'); return {{}}; }}");
        let fault = find(&script(&code, &allow).unwrap(), &Host::default()).await.unwrap_err().to_string();
        assert!(fault.contains(part), "{what}: {fault}");
    }
    let caught = "export async function facts() {\n  try { await fetch('https://x.example/'); } catch (error) { return { 'crm.name': error.name }; }\n}";
    let found = find(&script(caught, "").unwrap(), &Host::default()).await.unwrap();
    assert_eq!(found.facts.get("crm.name"), Some(&Value::Text("TypeError".into())));
    let many = format!(
        "export async function facts() {{ for (let i = 0; i < 9; i++) await fetch('http://{addr}/api/x'); return {{}}; }}"
    );
    let more = format!("[allow]\nfetch = [\"http://{addr}/\"]\n{own}");
    let fault = find(&script(&many, &more).unwrap(), &Host::default()).await.unwrap_err().to_string();
    assert!(fault.contains("more than 4 requests"), "{fault}");
}
