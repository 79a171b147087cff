//! Ways to die that nothing in this process can catch, for the tests of the guard. Like all fail
//! points it compiles to nothing elsewhere.

use fail::fail_point;

/// Dies of a body that a test wants it to die of.
pub(super) fn break_off(body: &[u8]) {
    fail_point!("abort", |deadly| if holds(body, deadly) {
        std::process::abort();
    });
    fail_point!("overflow", |deadly| if holds(body, deadly) {
        fn deeper(so_far: &[u64; 64]) -> u64 {
            let more = std::hint::black_box([so_far[0] + 1; 64]);
            if more[0] == 0 { 0 } else { deeper(&more) + more[1] }
        }
        std::hint::black_box(deeper(&[0; 64]));
    });
    let _ = body;
}

#[cfg_attr(not(test), allow(dead_code, reason = "called where fail points are switched on"))]
fn holds(body: &[u8], deadly: Option<String>) -> bool {
    deadly.is_some_and(|deadly| String::from_utf8_lossy(body).contains(&deadly))
}
