//! Slow, silent and odd senders beside genuine calls.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

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

/// How many files and sockets it has open, where the system tells.
fn files(id: u32) -> Option<usize> {
    Some(std::fs::read_dir(format!("/proc/{id}/fd")).ok()?.count())
}

/// Sockets that say nothing, half a header or half a body.
struct Flood {
    addr: SocketAddr,
    halves: [Vec<u8>; 3],
    sockets: Vec<TcpStream>,
    reopened: u32,
}

impl Flood {
    /// How long it is between two looks at all sockets.
    const PAUSE: Duration = Duration::from_millis(100);
    /// So many are opened again after each at most: 300 a second, while the 512 that the program keeps for 5 s
    /// are 102 a second.
    const AT_ONCE: usize = 30;

    /// Opens so many.
    fn begin(addr: SocketAddr, sockets: u32) -> Self {
        let halves = [
            Vec::new(),
            b"POST /webhook/inbound HTTP/1.1\r\nHost: x\r\nx-slow: ".to_vec(),
            wire::post(b"{}", "")[..60].to_vec(),
        ];
        let mut flood = Self { addr, halves, sockets: Vec::new(), reopened: 0 };
        flood.sockets = (0..sockets as usize).map(|nth| flood.open(nth).unwrap()).collect();
        flood
    }

    fn open(&self, nth: usize) -> std::io::Result<TcpStream> {
        let mut socket = TcpStream::connect_timeout(&self.addr, Duration::from_secs(10))?;
        // One that was dropped for another may refuse it.
        let _ = socket.write_all(&self.halves[nth % self.halves.len()]);
        socket.set_nonblocking(true)?;
        Ok(socket)
    }

    /// Opens anew what was closed, until the sender is gone.
    fn go_on(&mut self, is_over: &Receiver<()>, mut each: impl FnMut()) {
        while is_over.recv_timeout(Self::PAUSE) == Err(RecvTimeoutError::Timeout) {
            let is_closed = |nth: &usize| is_closed(&self.sockets[*nth]);
            let closed: Vec<_> = (0..self.sockets.len()).filter(is_closed).take(Self::AT_ONCE).collect();
            for nth in closed {
                // The system may take no more just now.
                if let Ok(socket) = self.open(nth) {
                    self.sockets[nth] = socket;
                    self.reopened += 1;
                }
            }
            each();
        }
    }
}

fn is_closed(mut socket: &TcpStream) -> bool {
    match socket.read(&mut [0; 1024]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    }
}

/// Hostile sockets as long as genuine calls come: each that is closed is opened again.
#[test]
fn slow_and_silent_sockets_keep_no_genuine_call_out() {
    let (sockets, seconds) = (times("SOAK_SOCKETS", 700), times("SOAK_FLOOD_SECONDS", 3));
    let home = tempfile::tempdir().unwrap();
    let serving = start(home.path());
    let load = Load { addr: serving.addr, key: KEY, per_second: 5, at_once: 64 };
    let runtime = runtime();
    // So that what the first call brings along is there already.
    assert_eq!(runtime.block_on(load.send(0..1, body))[0].1.status, 200);
    let id = serving.id();
    let (before, files_before) = (memory(id), files(id));
    let mut flood = Flood::begin(serving.addr, sockets);
    let hostile = &mut flood;
    // Gone too when something here fails.
    let (going_on, is_over) = sync_channel::<()>(0);
    let (answers, most) = thread::scope(|scope| {
        let flooding = scope.spawn(move || {
            let mut most: Option<u64> = None;
            hostile.go_on(&is_over, || most = most.max(memory(id)));
            most
        });
        let answers = runtime.block_on(load.send(1..seconds * 5, body));
        drop(going_on);
        (answers, flooding.join().unwrap())
    });
    println!(
        "{sockets} hostile sockets for {seconds} s, {} of them opened again: all but 1% of the calls answered in {:.1?}, the slowest in {:.1?}, memory {before:?} MiB before and up to {most:?} MiB with them",
        flood.reopened,
        load::all_but(0.01, &answers),
        load::all_but(0.0, &answers),
    );
    assert!(answers.iter().all(|(_, answer)| answer.status == 200), "{answers:?}");
    assert!(flood.reopened > 0, "none was closed");
    if let (Some(before), Some(most)) = (before, most) {
        assert!(most <= before + 64, "{before} MiB, then {most} MiB");
    }
    drop(flood);
    assert_all_is_let_go_of(id, before, files_before);
}

/// Within 10 s there are nearly as few files and sockets as before, and nearly as little memory; of that the
/// system gets back only a part.
fn assert_all_is_let_go_of(id: u32, memory_before: Option<u64>, files_before: Option<usize>) {
    let (Some(memory_before), Some(files_before)) = (memory_before, files_before) else { return };
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let (held, open) = (memory(id).unwrap(), files(id).unwrap());
        if held <= memory_before + 40 && open <= files_before + 16 {
            return println!("  afterwards {held} MiB and {open} files, {files_before} before");
        }
        assert!(
            Instant::now() < until,
            "memory {memory_before} MiB before and {held} MiB after, files {files_before} before and {open} after"
        );
        thread::sleep(Duration::from_millis(100));
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
