//! What conditions state of the calls they hold for is true of every call, and the quick answer is
//! that of the test. The index over rules and all findings rest on it.

use std::sync::LazyLock;

use switchboard::routing::{Aspect, Calendar, CallerKey, Calls, Entry, List, Medium, Region, number};

use super::*;

/// Whether a call is in one of these parts.
fn is_in(calls: &Calls, call: &Call, at: DateTime<Utc>, aspect: &dyn Fn(Aspect) -> String) -> bool {
    calls.iter().any(|part| {
        part.callers.as_ref().is_none_or(|callers| callers.contains(&CallerKey::from(&call.from)))
            && part.times.as_ref().is_none_or(|times| times.contains(&at.timestamp()))
            && part
                .aspects
                .iter()
                .all(|(name, values)| values.listed.contains(&aspect(*name)) == values.meant)
    })
}

/// What a region says of a call, given the condition's own verdict.
fn told(region: &Region, call: &Call, at: DateTime<Utc>, facts: &Facts, own: Answer) -> Answer {
    let text = |name: &str| facts.get(name).map(Fact::words).unwrap_or_default();
    let aspect = |aspect| match aspect {
        Aspect::Line => call.to.clone(),
        Aspect::Country => call.from.number().and_then(number::country_of).unwrap_or_default(),
        Aspect::Named(fact @ ("caller.kind" | "history.first_time")) => text(fact),
        Aspect::Named("call.medium") => call.medium.word().to_owned(),
        Aspect::DefaultAgent => text("line.has_default_agent"),
        Aspect::Named(other) => panic!("tell this test what {other} means"),
        Aspect::Own => match own {
            Answer::Yes => Aspect::YES.to_owned(),
            Answer::Unknown => Aspect::UNKNOWN.to_owned(),
            Answer::No => "no".to_owned(),
        },
    };
    match (is_in(&region.yes, call, at, &aspect), is_in(&region.unknown, call, at, &aspect)) {
        (true, false) => Answer::Yes,
        (false, true) => Answer::Unknown,
        (false, false) => Answer::No,
        (true, true) => panic!("both at once"),
    }
}

/// A table with lists and schedules that ask for care.
fn odd_table() -> Table {
    let mut table = table();
    for (id, zone, hours) in [
        ("night", None, "Mo-Su 22:00-02:00"),
        ("berlin", Some("Europe/Berlin"), "Mo-Fr 08:00-12:30,13:00-17:00; Sa 10:00-14:00"),
        ("holidays", None, "Mo-Fr 09:00-17:00; PH off; Dec 24 09:00-12:00"),
        ("unsure", None, "Mo-Fr 09:00-17:00; Sa unknown"),
        ("broken", None, "whenever"),
        ("lord_howe", Some("Australia/Lord_Howe"), "00:00-02:15"),
    ] {
        let zone = zone.map(str::to_owned);
        table.schedules.push(Schedule {
            id: id.into(),
            name: id.into(),
            zone,
            hours: hours.into(),
            ..Schedule::default()
        });
    }
    let entry = |what: &str, until: Option<&str>| Entry {
        what: what.into(),
        note: String::new(),
        added: None,
        until: until.map(|day| day.parse().unwrap()),
    };
    let entries = vec![
        entry("+14155552671", Some("2026-07-01")),
        entry("+4930*", None),
        entry("+1202555????", None),
        entry("country:FR", Some("2026-11-15")),
        entry("country:CA", None),
        entry("Bob", None),
    ];
    let odd = List { id: "odd".into(), name: "Odd".into(), note: String::new(), entries: Arc::new(entries) };
    let empty = List { id: "empty".into(), entries: Arc::default(), ..odd.clone() };
    let entries = (1..=20).map(|day| entry(&format!("+1202555{day:04}"), Some(&format!("2026-09-{day:02}"))));
    let many = List { id: "many".into(), entries: Arc::new(entries.collect()), ..odd.clone() };
    table.lists.extend([odd, empty, many]);
    table
}

fn tests() -> Vec<Test> {
    let registry = Registry::built_in();
    let table = odd_table();
    let starters = registry.conditions().map(|entry| {
        let settings = good_settings(&entry.id(), entry.kind.starter(&table));
        (entry.id(), settings)
    });
    let more = [
        ("caller.number", json!({"numbers": ["+14155552671", "+49*", "+4930901820"]})),
        ("caller.country", json!({"countries": ["US", "DE"]})),
        ("caller.kind", json!({"kinds": ["mobile"]})),
        ("caller.kind", json!({"kinds": ["mobile", "landline"]})),
        ("caller.kind", json!({"kinds": ["toll_free", "landline"]})),
        ("caller.kind", json!({"kinds": ["toll_free"]})),
        ("line.is", json!({"lines": ["main", "berlin"]})),
        ("hours.open", json!({"schedule": "office"})),
        ("hours.open", json!({"schedule": "never"})),
        ("hours.open", json!({"schedule": "night"})),
        ("hours.open", json!({"schedule": "berlin"})),
        ("hours.open", json!({"schedule": "holidays"})),
        ("hours.open", json!({"schedule": "unsure"})),
        ("hours.open", json!({"schedule": "broken"})),
        ("hours.open", json!({"schedule": "lord_howe"})),
        ("lists.on", json!({"lists": ["odd"]})),
        ("lists.on", json!({"lists": ["empty"]})),
        ("lists.on", json!({"lists": ["block", "odd", "many"]})),
        ("lists.on", json!({"lists": ["many"]})),
        ("call.month_window", json!({"from": {"month": 12, "day": 20}, "to": {"month": 1, "day": 6}})),
        ("call.day_of_month", json!({"days": [1, 15], "last": true})),
        ("call.sample", json!({"percent": 50})),
        ("call.medium", json!({"is": "call"})),
        ("history.before", json!({"is": "first_time"})),
    ];
    let more = more.map(|(condition, settings)| (condition.to_owned(), settings));
    starters.chain(more).map(|(condition, settings)| Test { condition, not: false, settings }).collect()
}

prop_compose! {
    fn any_call()(
        from in prop::sample::select(vec![
            "+14155552671", "+4930901820", "+4915123456789", "+33140205050", "+18002345678", "+12025550107",
            "+12025550114", "+14165550199", "+800123", "+", "+1", "1001", "", "anonymous", "withheld",
        ]),
        to in prop::sample::select(vec!["+14155550123", "+4930901820", "+15550000000", ""]),
        agent in any::<bool>(),
        medium in prop::sample::select(vec![Medium::Call, Medium::Text]),
    ) -> Call {
        let from = if from == "withheld" { Caller::Withheld } else { Caller::Number(from.into()) };
        Call { medium, default_agent: agent.then(|| "agent_1".into()), ..Call::new(from, to) }
    }
}

/// A condition and what it states, made once.
struct Stated {
    test: Test,
    condition: Box<dyn Condition>,
    regions: [Region; 2],
}

fn calendar() -> Calendar {
    Calendar::year_from(at("2026-03-02T15:20:10Z"))
}

static STATED: LazyLock<Vec<Stated>> = LazyLock::new(|| {
    let (registry, table) = (Registry::built_in(), with_contacts(odd_table()));
    let stated = |test: Test| {
        let condition = registry.condition(&test, &table).unwrap();
        let regions = [calendar(), Calendar::boundless()].map(|calendar| condition.region(&calendar));
        Stated { test, condition, regions }
    };
    tests().into_iter().map(stated).collect()
});

proptest! {
    #[test]
    fn regions_are_true_of_every_call(
        index in 0..STATED.len(),
        calls in prop::collection::vec((any_call(), 0..366 * 24 * 60_i64, any::<Option<bool>>()), 1..20),
    ) {
        let Stated { test, condition, regions } = &STATED[index];
        // Without hours, which have many facts.
        let (registry, table) = (Registry::built_in(), Table { schedules: Vec::new(), ..odd_table() });
        let (from, until) = calendar().span().unwrap();
        for (call, minutes, first_time) in calls {
            let at = from + chrono::Duration::minutes(minutes);
            prop_assert!(at < until);
            let mut facts = all_facts(&registry, &table, call.clone());
            if let Some(first_time) = first_time {
                facts.set("history.first_time", Fact::YesNo(first_time));
            }
            let verdict = condition.test(&call, &facts, at);
            prop_assert_eq!(condition.answer(&call, &facts, at), verdict.answer);
            for region in regions {
                let told = told(region, &call, at, &facts, verdict.answer);
                prop_assert_eq!(told, verdict.answer, "{:?} {} {:?}: {}", test, at, call, verdict.why);
            }
        }
    }
}

#[test]
fn hours_are_told_to_the_second() {
    let (registry, table) = (Registry::built_in(), odd_table());
    let calendar = Calendar::year_from(at("2026-03-02T15:00:00Z"));
    for schedule in ["office", "night", "berlin", "holidays", "lord_howe"] {
        let test =
            Test { condition: "hours.open".into(), not: false, settings: json!({"schedule": schedule}) };
        let condition = registry.condition(&test, &table).unwrap();
        let region = condition.region(&calendar);
        let (from, until) = calendar.span().unwrap();
        for second in region.yes[0].times.as_ref().unwrap().bounds() {
            for moment in [second - 1, *second] {
                let at = DateTime::from_timestamp(moment, 0).unwrap();
                if from <= at && at < until {
                    let call = &calls()[0];
                    let answer = condition.answer(call, &Facts::default(), at);
                    let told = told(&region, call, at, &Facts::default(), answer);
                    assert_eq!(told, answer, "{schedule} at {at}");
                }
            }
        }
    }
}
