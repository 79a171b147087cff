//! Every door through which text of others comes in, with all that is kept of what was tried before:
//! seeds written by hand, and what fuzzing found (`fuzz/run`).
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod doors;
#[path = "../support/reference.rs"]
mod reference;

use std::path::Path;

#[test]
fn whatever_came_through_a_door_is_read_or_refused() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/doors");
    for (name, door) in doors::DOORS {
        let files = std::fs::read_dir(kept.join(name)).unwrap().map(|file| file.unwrap().path());
        let mut count = 0;
        for file in files {
            println!("{}", file.display());
            door(&std::fs::read(file).unwrap());
            count += 1;
        }
        assert!(count > 0, "nothing is kept for {name}");
    }
}
