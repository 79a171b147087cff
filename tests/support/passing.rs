//! What passes requests on to the program, as a tunnel or a proxy does: another port of this computer.
#![allow(dead_code, clippy::unwrap_used, clippy::disallowed_methods, reason = "each test file uses a part")]

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::{io, thread};

/// Passes on what comes, for as long as the test runs. Gives the address at which it does.
pub fn to(program: SocketAddr) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(program) else { continue };
            let (there, back) = ((client.try_clone(), server.try_clone()), (server, client));
            let (Ok(from), Ok(to)) = there else { continue };
            thread::spawn(move || copy(from, to));
            thread::spawn(move || copy(back.0, back.1));
        }
    });
    url
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
