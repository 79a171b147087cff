//! Random tables, closures and weeks: what the week says of a minute is what deciding says.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Timelike, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::week::{LineWeek, NamedAgent, TakenBy, Taker, Who};
use switchboard::routing::{
    Action, By, Call, Caller, Decided, Decision, Detail, Outcome, Overrides, Table, What, Wish, compile,
};

use crate::shown::{BUSY, date, facts, lines_of};

const ZONES: [&str; 4] = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"];
const NUMBERS: [&str; 3] = ["+14155550123", "+493090182011", "+14155550125"];

/// Conditions of every kind: by time, by caller, by line, and such as state nothing.
fn conditions() -> Vec<(&'static str, Value)> {
    let open = |schedule: &str| ("hours.open", json!({ "schedule": schedule }));
    vec![
        open("office"),
        open("office"),
        open("bar"),
        open("abroad"),
        open("odd"),
        ("line.is", json!({ "lines": ["one"] })),
        ("line.is", json!({ "lines": ["two", "three"] })),
        ("caller.number", json!({ "numbers": ["+14155559999", "+1900*"] })),
        ("caller.number", json!({ "numbers": ["+1415*"] })),
        ("caller.withheld", json!({})),
        ("caller.country", json!({ "countries": ["US"] })),
        ("caller.country", json!({ "countries": ["DE"] })),
        ("caller.kind", json!({ "kinds": ["mobile"] })),
        ("lists.on", json!({ "lists": ["vip"] })),
        ("call.default_agent", json!({})),
        ("call.medium", json!({ "is": "text" })),
        ("call.sample", json!({ "percent": 50 })),
        ("call.month_window", json!({ "from": { "month": 11, "day": 1 }, "to": { "month": 3, "day": 29 } })),
        ("call.day_of_month", json!({ "days": [1, 29] })),
        ("fact.compare", json!({ "fact": BUSY, "is": "yes" })),
        ("fact.compare", json!({ "fact": "nobody.knows", "is": "yes" })),
    ]
}

fn any_rule() -> impl Strategy<Value = Value> {
    let test = (prop::sample::select(conditions()), prop::bool::weighted(0.25)).prop_map(
        |((condition, settings), not)| json!({ "condition": condition, "not": not, "settings": settings }),
    );
    let group = prop::collection::vec(test, 1..3).prop_map(|any_of| json!({ "any_of": any_of }));
    let share = json!({ "share": { "how": "shares.weighted", "agents": [
        { "agent": "a", "percent": 50 }, { "agent": "b", "percent": 50 }] } });
    let actions = vec![
        json!({ "connect": { "agent": "a" } }),
        json!({ "connect": { "agent": "b" } }),
        json!({ "connect": { "agent": "c" } }),
        share,
        json!("keep"),
        json!("reject"),
        json!("go_on"),
    ];
    let period = prop::option::weighted(0.2, (0_i64..9 * 24 * 60, 1_i64..4 * 24 * 60));
    (prop::collection::vec(group, 0..3), prop::sample::select(actions), period, prop::bool::weighted(0.9))
        .prop_map(|(when, action, period, enabled)| {
            json!({ "name": "R", "enabled": enabled, "when": when, "then": { "action": action }, "period": period })
        })
}

/// A table whose rules begin and end around this Monday.
fn table(zone: &str, rules: Vec<Value>, monday: NaiveDate) -> Table {
    let mut table: Table = serde_json::from_value(json!({
        "format": 1, "country": "US", "zone": zone,
        "lines": [{ "id": "one", "name": "One", "number": NUMBERS[0] },
            { "id": "two", "name": "Two", "number": NUMBERS[1] },
            { "id": "three", "name": "Three", "number": NUMBERS[2] }],
        "agents": [{ "id": "a", "name": "A", "retell_id": "agent_a" }, { "id": "b", "name": "B", "retell_id": "agent_b" },
            { "id": "c", "name": "C", "retell_id": "agent_c" }],
        "schedules": [
            { "id": "office", "name": "Office", "hours": "Mo-Fr 09:07-12:30,13:30-17:00; Sa 10:00-14:00; PH off" },
            { "id": "bar", "name": "Bar", "hours": "Mo-Sa 18:00-02:30; Su 00:45-03:15" },
            { "id": "abroad", "name": "Abroad", "zone": "Asia/Tokyo", "hours": "Mo-Fr 09:00-17:00" },
            { "id": "odd", "name": "Odd", "hours": "Tu 10:00-11:00 unknown; Mo[1] 08:00-20:00; Dec 24-26 off" }],
        "lists": [{ "id": "vip", "name": "VIP", "entries": [{ "what": "+14155559999" },
            { "what": "+14155558888", "until": (monday + Days::new(3)).to_string() }, { "what": "country:DE" }, { "what": "+1202555????" }] }],
        "fallback": { "action": { "connect": { "agent": "c" } } },
    }))
    .unwrap();
    let moment = |minutes: i64| {
        let at = (monday - Days::new(1)).and_hms_opt(0, 0, 0).unwrap() + Duration::minutes(minutes);
        json!(at.format("%Y-%m-%dT%H:%M").to_string())
    };
    for (index, mut rule) in rules.into_iter().enumerate() {
        let fields = rule.as_object_mut().unwrap();
        fields.insert("id".into(), json!(format!("r{index}")));
        if let Some([from, long]) = fields.remove("period").unwrap().as_array().map(Vec::as_slice) {
            let (from, long) = (from.as_i64().unwrap(), long.as_i64().unwrap());
            fields.insert("from".into(), moment(from));
            fields.insert("until".into(), moment(from + long));
        }
        table.rules.push(serde_json::from_value(rule).unwrap());
    }
    table
}

/// Closures around this moment: for a line or all, from and for how many minutes, and what they do.
type Closure = (Option<&'static str>, i64, i64, Action);

fn any_closure() -> impl Strategy<Value = Closure> {
    let connect = |agent: &str| Action::Connect { agent: agent.into(), version: None };
    let lines = prop::sample::select(vec![None, None, Some("one"), Some("two"), Some("gone")]);
    let actions = vec![connect("a"), connect("gone"), Action::Keep, Action::Reject];
    (lines, 0_i64..9 * 24 * 60, 1_i64..2 * 24 * 60, prop::sample::select(actions))
}

fn overrides(closures: &[Closure], start: DateTime<Utc>) -> Overrides {
    let mut overrides = Overrides::default();
    for (line, from, long, action) in closures {
        let from = start + Duration::minutes(*from);
        let wish = Wish {
            what: What::Everything,
            line: line.map(str::to_owned),
            from: Some(from),
            until: from + Duration::minutes(*long),
            then: Outcome { action: action.clone(), ..Outcome::default() },
            reason: String::new(),
        };
        overrides.set(wish, "test", start).unwrap();
    }
    overrides
}

fn any_monday() -> impl Strategy<Value = NaiveDate> {
    // Weeks in which clocks are put in one of the zones, with holidays, and any other.
    let odd = [
        "2026-03-02",
        "2026-03-23",
        "2026-03-30",
        "2026-09-28",
        "2026-10-19",
        "2026-10-26",
        "2026-11-23",
        "2026-12-21",
    ];
    let odd = prop::sample::select(odd.map(date).to_vec());
    let any = (0_u64..500).prop_map(|weeks| date("2024-01-01") + Days::new(weeks * 7));
    prop_oneof![odd, any]
}

/// Everything that a week says, against deciding.
struct Truth<'a> {
    table: &'a Table,
    overrides: &'a Overrides,
    compiled: switchboard::routing::Compiled,
}

impl Truth<'_> {
    fn decide(&self, call: &Call, at: DateTime<Utc>) -> Decision {
        let facts = facts(call, at);
        match self.overrides.ruling(self.table, Some(call), at) {
            Some(ruling) => self.compiled.overrule(&ruling, &facts),
            None => self.compiled.decide_with(call, &facts, at, Detail::Nothing),
        }
    }
}

/// Whether a decision is what is said to take the call.
fn is_by(taker: &Taker, decision: &Decision) -> bool {
    match (&taker.by, &decision.by) {
        (TakenBy::Rule { id, .. }, By::Rule { id: by, .. })
        | (TakenBy::Override { id, .. }, By::Override { id: by, .. }) => id == by,
        (TakenBy::Fallback, By::Fallback) => true,
        _ => false,
    }
}

fn is_who(who: &Who, decided: &Decided) -> bool {
    match (who, decided) {
        (Who::Agents(agents), Decided::Connect { id, .. }) => {
            agents.iter().any(|NamedAgent { id: known, .. }| known == id)
        }
        (Who::LineAgent | Who::NoAgent, Decided::Keep)
        | (Who::Rejected | Who::RejectedInVain, Decided::Reject) => true,
        _ => false,
    }
}

/// The moments that are looked at: both sides of each edge, and some in between.
fn moments(line: &LineWeek, steps: &[i64]) -> Vec<DateTime<Utc>> {
    let start = line.shifts[0].from;
    let edges = line.shifts.iter().flat_map(|shift| [shift.from, shift.until - Duration::seconds(1)]);
    edges.chain(steps.iter().map(|minutes| start + Duration::minutes(*minutes))).collect()
}

fn callers() -> Vec<Caller> {
    let numbers = [
        "+14155559999",
        "+14155558888",
        "+19005551234",
        "+14155552671",
        "+493090182022",
        "+4915123456789",
        "+12025551234",
        "x",
    ];
    numbers.map(|number| Caller::Number(number.into())).into_iter().chain([Caller::Withheld]).collect()
}

/// Tables in a plain run, as each takes long to look at; more with `PROPTEST_CASES`.
fn cases() -> u32 {
    match ProptestConfig::default().cases {
        256 => 40,
        wanted => wanted,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]
    #[test]
    fn a_week_says_what_deciding_says(
        rules in prop::collection::vec(any_rule(), 0..8),
        closures in prop::collection::vec(any_closure(), 0..4),
        zone in prop::sample::select(ZONES.to_vec()),
        monday in any_monday(),
        own_agents in prop::collection::vec(prop::option::of(any::<bool>()), 3),
        steps in prop::collection::vec(0_i64..167 * 60, 54),
    ) {
        let table = table(zone, rules, monday);
        let start = (monday - Days::new(1)).and_hms_opt(0, 0, 0).unwrap().and_utc();
        let overrides = overrides(&closures, start);
        let own_agents: BTreeMap<String, bool> =
            NUMBERS.iter().zip(&own_agents).filter_map(|(number, has)| Some(((*number).to_owned(), (*has)?))).collect();
        let compiled = compile(&table, &Registry::built_in()).unwrap();
        let truth = Truth { table: &table, overrides: &overrides, compiled };
        let lines = lines_of(&table, &overrides, &own_agents, monday);
        prop_assert_eq!(lines.len(), 3);
        let is_exact = !serde_json::to_string(&table.rules).unwrap().contains(BUSY);
        for line in &lines {
            for pair in line.shifts.windows(2) {
                prop_assert_eq!(pair[0].until, pair[1].from, "no gaps");
            }
            for at in moments(line, &steps) {
                let shift = line.at(at).unwrap();
                let taker = line.taker(shift);
                let decision = truth.decide(&line.call, at);
                // Between two times at which it was asked, it may have been busy or not.
                let is_known = is_exact || (at.minute() % 15 == 0 && at.second() == 0);
                let is_right = is_by(taker, &decision) && is_who(&taker.who, &decision.action);
                prop_assert!(!is_known || is_right, "{} at {at}: {taker:?}, but {:?} {:?}", line.line, decision.by, decision.action);
            }
            // Whatever takes any other call is named.
            for (place, from) in callers().into_iter().enumerate() {
                for at in steps.iter().skip(place * 6).take(6).map(|minutes| line.shifts[0].from + Duration::minutes(*minutes)) {
                    let default_agent = (place % 2 == 0).then(|| "agent".to_owned());
                    let call = Call { from: from.clone(), default_agent, ..line.call.clone() };
                    let shift = line.at(at).unwrap();
                    let decision = truth.decide(&call, at);
                    let mut named = shift.others.iter().chain([&shift.taker]).map(|place| &line.takers[*place]);
                    prop_assert!(named.any(|taker| is_by(taker, &decision)), "{call:?} at {at}: {:?}", decision.by);
                }
            }
        }
    }
}
