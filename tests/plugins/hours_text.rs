//! Files of hours as people and programs write them.

use switchboard::plugins::hours::{hours_in, one_line};

#[test]
fn files_of_hours_are_read_however_they_are_written() {
    for (file, hours) in [
        (&b"Mo-Fr 09:00-17:00; PH off\n"[..], "Mo-Fr 09:00-17:00; PH off"),
        (b"\xEF\xBB\xBFMo-Fr 09:00-17:00;\r\nPH off\r\n", "Mo-Fr 09:00-17:00; PH off"),
        (b"Mo-Fr 09:00-17:00\n\nSa 10:00-12:00\nPH off\n", "Mo-Fr 09:00-17:00; Sa 10:00-12:00; PH off"),
        (b"Mo-Fr\n  09:00-12:00,\n  13:00-17:00", "Mo-Fr 09:00-12:00, 13:00-17:00"),
        (b"Mo-Fr 09:00-17:00\n|| \"by appointment\"", "Mo-Fr 09:00-17:00 || \"by appointment\""),
        (b"Dec 24 off \"B\xFCro zu\"", "Dec 24 off \"Büro zu\""),
        (b"\xFF\xFE2\x004\x00/\x007\x00", "24/7"),
    ] {
        assert_eq!(hours_in(file).as_deref(), Ok(hours), "{}", file.escape_ascii());
    }
}

#[test]
fn what_holds_no_hours_is_refused_in_words() {
    let long = "Mo off; ".repeat(3000);
    for (file, says) in [
        (&b""[..], "empty"),
        (b" \r\n\t", "empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", "no text of opening hours"),
        (long.as_bytes(), "no text of opening hours"),
        (b"Name,Phone\nAnna,+14155552671", "cannot be read from “Name"),
        (b"Mo-Fr 09:00-", "end too early"),
    ] {
        let told = hours_in(file).unwrap_err();
        assert!(told.contains(says), "{}: {told}", file.escape_ascii());
    }
}

#[test]
fn what_is_not_yet_right_is_kept_as_it_is_typed() {
    assert_eq!(one_line("Mo-Fr nine\nto five"), "Mo-Fr nine to five");
    assert_eq!(one_line("Mo-Fr 09:00-17:00\n"), "Mo-Fr 09:00-17:00");
}
