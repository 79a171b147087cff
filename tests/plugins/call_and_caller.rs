//! What the conditions and facts on the call, its date, and the caller's number say and decide.

use super::*;
use switchboard::routing::Medium;

const US: &str = "+14155552671";

fn call() -> Call {
    let mut call = Call::new(Caller::Number(US.into()), "+14155550123");
    call.headers.insert("x-CAMPAIGN".into(), " Spring-Sale ".into());
    call
}

fn from(number: &str) -> Call {
    Call::new(Caller::Number(number.into()), "+14155550123")
}

/// Both wordings of a condition, and what it says of a call.
fn ask(condition: &str, settings: Value, call: &Call, time: &str) -> (String, String, Answer, String) {
    let test = Test { condition: condition.into(), not: false, settings };
    let compiled = Registry::built_in().condition(&test, &table()).unwrap();
    let verdict = compiled.test(call, &Facts::default(), at(time));
    (compiled.words(false).to_string(), compiled.words(true).to_string(), verdict.answer, verdict.why)
}

#[test]
fn kinds_of_number_decide_as_far_as_numbers_tell() {
    let withheld = Call::new(Caller::Withheld, "+14155550123");
    for (kinds, call, answer, why) in [
        (json!(["mobile"]), from("+4915123456789"), Answer::Yes, "the caller's number is mobile"),
        (json!(["mobile"]), from("+4930901820"), Answer::No, "the caller's number is landline"),
        (json!(["toll_free", "voip"]), from("+18002345678"), Answer::Yes, "the caller's number is toll-free"),
        (
            json!(["mobile"]),
            from(US),
            Answer::Unknown,
            "the caller's number is mobile or landline, and does not tell which",
        ),
        (json!(["landline", "mobile"]), from(US), Answer::Yes, "the caller's number is mobile or landline"),
        (json!(["toll_free"]), from(US), Answer::No, "the caller's number is mobile or landline"),
        (json!(["mobile"]), withheld, Answer::No, "the caller's number is withheld"),
        (json!(["mobile"]), from("1001"), Answer::Unknown, "the number 1001 does not tell what kind it is"),
    ] {
        let (_, _, found, said) =
            ask("caller.kind", json!({ "kinds": kinds }), &call, "2026-03-02T15:00:00Z");
        assert_eq!((found, said.as_str()), (answer, why), "{kinds} {call:?}");
    }
    let settings = json!({"kinds": ["mobile", "toll_free"]});
    let (words, opposite, ..) = ask("caller.kind", settings, &from(US), "2026-03-02T15:00:00Z");
    assert_eq!(words, "the caller's number is mobile or toll-free");
    assert_eq!(opposite, "the caller's number is not mobile or toll-free");
}

#[test]
fn dates_are_those_on_the_business_wall() {
    let winter = json!({"from": {"month": 12, "day": 20}, "to": {"month": 1, "day": 6}});
    let one_day = json!({"from": {"month": 12, "day": 24}, "to": {"month": 12, "day": 24}});
    let ends = json!({"days": [15, 1, 1], "last": true});
    for (condition, settings, time, words, opposite, answer, why) in [
        (
            "call.month_window",
            &winter,
            // In New York it is still the 6th.
            "2027-01-07T04:59:00Z",
            "the date is from 20 December to 6 January",
            "the date is not from 20 December to 6 January",
            Answer::Yes,
            "the date is 6 January",
        ),
        (
            "call.month_window",
            &winter,
            "2027-01-07T05:00:00Z",
            "the date is from 20 December to 6 January",
            "the date is not from 20 December to 6 January",
            Answer::No,
            "the date is 7 January",
        ),
        (
            "call.month_window",
            &one_day,
            "2026-12-24T12:00:00Z",
            "the date is 24 December",
            "the date is not 24 December",
            Answer::Yes,
            "the date is 24 December",
        ),
        (
            "call.day_of_month",
            &ends,
            "2026-02-28T12:00:00Z",
            "the day of the month is the 1st, 15th or last",
            "the day of the month is not the 1st, 15th or last",
            Answer::Yes,
            "the date is 28 February, the last day of the month",
        ),
        (
            "call.day_of_month",
            &ends,
            "2028-02-28T12:00:00Z",
            "the day of the month is the 1st, 15th or last",
            "the day of the month is not the 1st, 15th or last",
            Answer::No,
            "the date is 28 February",
        ),
        (
            "call.day_of_month",
            &ends,
            "2026-03-01T04:59:00Z",
            "the day of the month is the 1st, 15th or last",
            "the day of the month is not the 1st, 15th or last",
            Answer::Yes,
            "the date is 28 February, the last day of the month",
        ),
    ] {
        let told = ask(condition, settings.clone(), &call(), time);
        assert_eq!(told, (words.into(), opposite.into(), answer, why.into()), "{condition} {time}");
    }
}

#[test]
fn headers_are_compared_without_regard_to_case() {
    let here = "SIP header X-Campaign is “ Spring-Sale ”";
    for (is, value, words, answer) in [
        ("contains", "SALE", "SIP header X-Campaign contains SALE", Answer::Yes),
        ("is", "spring-sale", "SIP header X-Campaign is spring-sale", Answer::Yes),
        ("is", "spring", "SIP header X-Campaign is spring", Answer::No),
        ("starts_with", "Spring", "SIP header X-Campaign starts with Spring", Answer::Yes),
        ("there", "", "SIP header X-Campaign is there", Answer::Yes),
    ] {
        let settings = json!({"name": "X-Campaign", "is": is, "value": value});
        let told = ask("call.sip_header", settings.clone(), &call(), "2026-03-02T15:00:00Z");
        assert_eq!((told.0.as_str(), told.2, told.3.as_str()), (words, answer, here), "{is}");
        let without = ask("call.sip_header", settings, &from(US), "2026-03-02T15:00:00Z");
        assert_eq!((without.2, without.3.as_str()), (Answer::No, "the call has no SIP header X-Campaign"));
    }
}

#[test]
fn the_lines_own_agent_and_samples_speak_plainly() {
    let time = "2026-03-02T15:00:00Z";
    let with_agent = Call { default_agent: Some("agent_1".into()), ..call() };
    let told = ask("call.default_agent", json!({}), &with_agent, time);
    assert_eq!(told.0, "the line has an agent of its own at Retell");
    assert_eq!(told.1, "the line has no agent of its own at Retell");
    assert_eq!((told.2, told.3.as_str()), (Answer::Yes, told.0.as_str()));
    let told = ask("call.default_agent", json!(null), &call(), time);
    assert_eq!((told.2, told.3.as_str()), (Answer::No, "the line has no agent of its own at Retell"));

    let all = ask("call.sample", json!({"percent": 100, "draw": "Pilot"}), &call(), time);
    assert_eq!(all.0, "the caller is among 100% of callers drawn for Pilot");
    assert_eq!(all.1, "the caller is not among 100% of callers drawn for Pilot");
    assert!(all.2 == Answer::Yes && all.3.ends_with("of 100, within the first 100"), "{all:?}");
}

#[test]
fn calls_and_texts_are_told_apart() {
    let time = "2026-03-02T15:00:00Z";
    let text = Call { medium: Medium::Text, ..call() };
    for (is, on_text, on_call) in [("text", Answer::Yes, Answer::No), ("call", Answer::No, Answer::Yes)] {
        let told = ask("call.medium", json!({ "is": is }), &text, time);
        assert_eq!((told.2, told.3.as_str()), (on_text, "it is a text message"), "{is}");
        let told = ask("call.medium", json!({ "is": is }), &call(), time);
        assert_eq!((told.2, told.3.as_str()), (on_call, "it is a call"), "{is}");
    }
}

#[test]
fn area_codes_tell_states_and_provinces() {
    let time = "2026-03-02T15:00:00Z";
    let west = json!({ "regions": ["California", "British Columbia"] });
    for (number, answer, why) in [
        (US, Answer::Yes, "the caller's area code is of California"),
        ("+16045550199", Answer::Yes, "the caller's area code is of British Columbia"),
        ("+12125550187", Answer::No, "the caller's area code is of New York"),
        ("+18005550199", Answer::Unknown, "the number +18005550199 does not tell its state or province"),
        (
            "+4930901820",
            Answer::No,
            "the caller is in Germany, and only numbers in the US and Canada tell a state or province",
        ),
    ] {
        let from = Call { from: Caller::Number(number.into()), ..call() };
        let told = ask("caller.region", west.clone(), &from, time);
        assert_eq!((told.2, told.3.as_str()), (answer, why), "{number}");
    }
    let hidden = Call { from: Caller::Withheld, ..call() };
    assert_eq!(ask("caller.region", west, &hidden, time).2, Answer::No);
}

#[test]
fn facts_tell_the_caller_and_the_clock() {
    let (registry, mut table) = (Registry::built_in(), table());
    let rule = json!({
        "id": "sale", "name": "Sale", "then": {"action": "keep"},
        "when": [{"any_of": [
            {"condition": "call.sip_header", "settings": {"name": "X-Campaign", "is": "there"}},
            {"condition": "call.sip_header", "settings": {"name": "X-Other", "is": "there"}},
        ]}],
    });
    table.languages.insert("CH".into(), "fr".into());
    table.rules.push(serde_json::from_value(rule).unwrap());
    for (number, name, value) in [
        (US, "caller.speakable", "4 1 5, 5 5 5, 2 6 7 1"),
        (US, "caller.kind", "mobile or landline"),
        (US, "caller.language", "en"),
        (US, "call.time", "10:00 AM"),
        (US, "call.weekday", "Monday"),
        (US, "call.now", "Monday, 2 March 2026, 10:00 AM"),
        (US, "call.greeting", "Good morning"),
        (US, "call.zone", "America/New_York"),
        (US, "caller.region", "California"),
        (US, "caller.local_time", "7:00 AM"),
        ("+61255055555", "caller.local_weekday", "Tuesday"),
        ("+41446681800", "caller.language", "fr"),
        (US, "call.date", "2 March 2026"),
        (US, "call.sip.x-campaign", " Spring-Sale "),
        ("+4915123456789", "caller.speakable", "plus 4 9, 1 5 1 2, 3 4 5 6 7 8 9"),
        ("+4915123456789", "caller.language_name", "German"),
        ("+4915123456789", "caller.local_time", "4:00 PM"),
        ("+819012345678", "caller.local_weekday", "Tuesday"),
    ] {
        let call = Call { from: Caller::Number(number.into()), ..call() };
        let facts = all_facts(&registry, &table, call);
        assert_eq!(facts.get(name).map(Fact::words).as_deref(), Some(value), "{name} of {number}");
    }
    let facts = all_facts(&registry, &table, call());
    assert_eq!(facts.why_missing("call.sip.x-other"), Some("the call has no SIP header X-Other"));
    let toll_free = Call { from: Caller::Number("+18005550199".into()), ..call() };
    let facts = all_facts(&registry, &table, toll_free);
    for (name, why) in [
        ("caller.region", "the number +18005550199 does not tell its state or province"),
        (
            "caller.local_time",
            "United States has more than one time zone, and the number does not tell which",
        ),
    ] {
        assert_eq!(facts.why_missing(name), Some(why));
    }
    let declared = registry.facts(&table);
    assert_eq!(declared["call.sip.x-campaign"].title, "SIP header X-Campaign");
}

#[test]
fn bad_settings_are_told() {
    let (registry, table) = (Registry::built_in(), table());
    let window = |month, day| json!({"from": {"month": month, "day": day}, "to": {"month": 1, "day": 6}});
    for (condition, settings, part) in [
        ("caller.region", json!({"regions": []}), "no state or province is chosen; choose"),
        ("caller.region", json!({"regions": ["Bavaria"]}), "“Bavaria” is not a state or province"),
        ("caller.kind", json!({"kinds": []}), "no kind of number is chosen; choose"),
        ("caller.kind", json!({"kinds": ["fax"]}), "at “kinds[0]”"),
        ("call.month_window", window(2, 30), "30 February does not exist; choose a day from 1 to 29"),
        ("call.month_window", window(4, 0), "0 April does not exist; choose a day from 1 to 30"),
        ("call.month_window", window(13, 1), "13 is not a month; choose"),
        ("call.month_window", json!({}), "delete it and add it again"),
        ("call.day_of_month", json!({}), "no day is chosen; choose"),
        ("call.day_of_month", json!({"days": [0]}), "0 is not a day of a month; choose"),
        ("call.day_of_month", json!({"days": [32]}), "32 is not a day of a month; choose"),
        ("call.sample", json!({}), "0 percent is not a sample; choose"),
        ("call.sample", json!({"percent": 101}), "101 percent is not a sample; choose"),
        ("call.sample", json!({"percent": "half"}), "at “percent”"),
        ("call.sip_header", json!({"value": "x"}), "no header is named; write"),
        ("call.sip_header", json!({"name": "X: y", "value": "x"}), "“X: y” is not a header's name; write"),
        ("call.sip_header", json!({"name": "X"}), "nothing to compare with; fill in"),
        ("call.default_agent", json!({"x": 1}), "delete it and add it again"),
    ] {
        let test = Test { condition: condition.into(), not: false, settings };
        let sentence = registry.condition(&test, &table).unwrap_err();
        assert!(sentence.contains(part), "{sentence}");
    }
    let mut nowhere = table;
    nowhere.zone = "Mars".into();
    let test = Test { condition: "call.month_window".into(), not: false, settings: window(5, 1) };
    let sentence = registry.condition(&test, &nowhere).unwrap_err();
    assert!(sentence.contains("“Mars” is not a time zone; choose"), "{sentence}");
}
