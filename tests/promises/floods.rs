//! Slow, silent and odd senders beside genuine calls.

use std::net::TcpStream;
use std::time::Duration;

use std::io::{Read, Write};

use switchboard::storage::Home;
use switchboard::storage::call_log::LogReader;

use crate::load::{self, Load, now_ms};
use crate::program::{KEY, rule, table};
use crate::serving::Serving;
use crate::{body, put_table, runtime, times, wire};

fn start(home: &std::path::Path) -> Serving {
    let mut table = table();
    table.rules = vec![rule("All", None, "vip")];
    put_table(home, &table);
    Serving::start(home, KEY)
}

/// The memory that a process holds, in MiB, where the system tells.
fn memory(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

#[test]
fn slow_and_silent_sockets_keep_no_genuine_call_out() {
    let (sockets, seconds) = (times("SOAK_SOCKETS", 700), times("SOAK_FLOOD_SECONDS", 3));
    let home = tempfile::tempdir().unwrap();
    let serving = start(home.path());
    let before = memory(serving.id());
    // Some say nothing, some half a header, some half a body.
    let halves = [
        Vec::new(),
        b"POST /webhook/inbound HTTP/1.1\r\nHost: x\r\nx-slow: ".to_vec(),
        wire::post(b"{}", "")[..60].to_vec(),
    ];
    let mut hostile = Vec::new();
    let mut open = |nth: u32| {
        let mut socket = TcpStream::connect(serving.addr).unwrap();
        // One that was dropped for another may refuse it.
        let _ = socket.write_all(&halves[nth as usize % halves.len()]);
        hostile.push(socket);
    };
    (0..sockets).for_each(&mut open);
    let load = Load { addr: serving.addr, key: KEY, per_second: 5, at_once: 64 };
    let answers = runtime().block_on(load.send(0..seconds * 5, body));
    let held = memory(serving.id());
    println!(
        "{sockets} hostile sockets for {seconds} s: all but 1% of the calls answered in {:.1?}, the slowest in {:.1?}, memory {before:?} MiB before and {held:?} MiB with them",
        load::all_but(0.01, &answers),
        load::all_but(0.0, &answers),
    );
    assert!(answers.iter().all(|(_, answer)| answer.status == 200), "{answers:?}");
    if let (Some(before), Some(held)) = (before, held) {
        assert!(held <= before + 64, "{before} MiB, then {held} MiB");
    }
}

#[test]
fn what_is_no_request_is_told_in_words_and_harms_nobody() {
    let home = tempfile::tempdir().unwrap();
    let mut serving = start(home.path());
    let hello = [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], &[7; 600]].concat();
    let genuine = wire::signed(KEY, &body(1), now_ms());
    let twice = [genuine.clone(), wire::signed(KEY, &body(2), now_ms())].concat();
    let odd: [(&str, Vec<u8>, &[u16]); 8] = [
        ("a TLS hello", hello, &[0]),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[0]),
        ("noise", (0..=255).cycle().take(40_000).collect(), &[0, 400, 431]),
        ("nothing but line ends", b"\r\n".repeat(2_000), &[0, 400, 408, 431]),
        ("a wrong method", b"DELETE /webhook/inbound HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), &[405]),
        ("a proxy's request", b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), &[400, 404, 405]),
        (
            "two lengths",
            b"POST /webhook/inbound HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST / HTTP/1.1\r\n\r\n".to_vec(),
            &[400, 401],
        ),
        ("two requests at once", twice, &[200]),
    ];
    let runtime = runtime();
    for (name, bytes, expected) in odd {
        let mut socket = TcpStream::connect(serving.addr).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let _ = socket.write_all(&bytes);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
        assert!(expected.contains(&status), "{name}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{name}: {answer}");
    }
    let answer = runtime.block_on(wire::send(serving.addr, &wire::signed(KEY, &body(3), now_ms())));
    assert_eq!(answer.status, 200);
    serving.stop();
    let refused = LogReader::of(&Home::at(home.path()).unwrap()).refused(100).unwrap();
    for (code, word) in [("https", "http://"), ("http2", "HTTP/1.1")] {
        let told = refused.iter().find(|refused| refused.code == code);
        assert!(told.is_some_and(|told| told.reason.contains(word)), "{code}: {refused:?}");
    }
}
