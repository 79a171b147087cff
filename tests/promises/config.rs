//! A table that is broken never answers a call, and no call meets half of one.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::DateTime;
use serde_json::Value;
use switchboard::routing::Table;
use switchboard::service::messages::Serving;
use switchboard::storage::{Home, TableStore};

use crate::load::now_ms;
use crate::program::{KEY, Running, rule, table};
use crate::{body, runtime, times, wire};

/// A table in which agent and variable belong together.
fn marked(agent: &str) -> Table {
    let mut table = table();
    let mut all = rule("All", None, agent);
    all.then.variables.insert("mark".into(), agent.into());
    table.rules = vec![all];
    table
}

#[test]
fn no_call_is_answered_by_half_a_table_however_often_one_is_published() {
    let publishes = times("SOAK_PUBLISHES", 30);
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(marked("vip"));
    let Serving::Listening(addr) = *running.program.serving().borrow() else { panic!("not listening") };
    let is_over = AtomicBool::new(false);
    let answered = std::thread::scope(|scope| {
        let calling = scope.spawn(|| {
            let runtime = runtime();
            let mut answers = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                let number = u32::try_from(answers.len()).unwrap();
                let request = wire::signed(KEY, &body(number), now_ms());
                answers.push(runtime.block_on(wire::send(addr, &request)));
            }
            answers
        });
        for n in 0..publishes {
            running.publish(marked(if n % 2 == 0 { "reception" } else { "vip" }));
        }
        is_over.store(true, Ordering::Relaxed);
        calling.join().unwrap()
    });
    let mut seen = [0, 0];
    for answer in &answered {
        assert_eq!(answer.status, 200);
        let call = serde_json::from_str::<Value>(&answer.body).unwrap()["call_inbound"].take();
        let mark = call["dynamic_variables"]["mark"].as_str().unwrap();
        assert_eq!(call["override_agent_id"], format!("agent_{mark}"));
        seen[usize::from(mark == "vip")] += 1;
    }
    println!("{publishes} tables published, {} calls meanwhile: {seen:?}", answered.len());
    running.stop();
}

#[test]
fn a_flipped_bit_in_a_version_never_stops_the_program_and_loses_nothing() {
    let every = times("SOAK_EVERY_BIT", 11) as usize;
    let at = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    let (mut store, _) = TableStore::<Table>::open(&home, at, || marked("vip"));
    store.publish(&marked("reception"), at, "").unwrap();
    let file = home.versions_folder().join("000002.json");
    let good = fs::read(&file).unwrap();
    let mut gave_way = 0;
    for bit in (0..good.len() * 8).step_by(every) {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        fs::write(&file, &bad).unwrap();
        let (_, opened) = TableStore::<Table>::open(&home, at, || panic!("version 1 is good"));
        if opened.live.version == 2 {
            // It still is a table, and the file is as it was.
            assert_eq!(fs::read(&file).unwrap(), bad, "bit {bit}");
            continue;
        }
        gave_way += 1;
        assert_eq!((opened.live.version, &opened.live.table), (1, &marked("vip")), "bit {bit}");
        let told = &opened.troubles[0];
        assert!(told.message.contains("000002.json"), "{}", told.message);
        // Kept beside, or left where it is if it claims to be of a newer program.
        let kept = told.kept.clone().unwrap_or_else(|| file.clone());
        assert_eq!(fs::read(&kept).unwrap(), bad, "bit {bit}");
        let _ = fs::remove_file(kept);
    }
    assert!(gave_way > 10, "{gave_way}");
}
