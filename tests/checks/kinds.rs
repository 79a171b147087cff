//! Each kind of finding on the table of a shop: its level, its sentence, and what its repairs do.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::Table;
use switchboard::routing::checks::{
    Checker, Finding, FindingKind, InPractice, Knowledge, Place, bring_back, dismiss,
};

/// Monday 23 November 2026, 10:05 in New York.
fn now() -> DateTime<Utc> {
    "2026-11-23T15:05:00Z".parse().unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "so that tables are written where they are used")]
fn table(rules: Value) -> Table {
    serde_json::from_value(json!({
        "format": 1,
        "country": "US",
        "zone": "America/New_York",
        "lines": [
            { "id": "main", "name": "Main line", "number": "+14155550123" },
            { "id": "sales", "name": "Sales line", "number": "+14155550124" },
        ],
        "agents": [
            { "id": "reception", "name": "Reception", "retell_id": "agent_1" },
            { "id": "night", "name": "After hours", "retell_id": "agent_2" },
        ],
        "schedules": [
            { "id": "office", "name": "Office hours", "hours": "Mo-Fr 09:00-17:00" },
            { "id": "late", "name": "Late hours", "hours": "Fr 12:00-20:00; Sa 10:00-14:00" },
            { "id": "mornings", "name": "Mornings", "hours": "Mo-Fr 09:00-12:00" },
            { "id": "off", "name": "Never", "hours": "off" },
        ],
        "lists": [
            { "id": "block", "name": "Block list", "entries": [{ "what": "+1900*" }, { "what": "+14155552671" }] },
            { "id": "empty", "name": "VIP list", "entries": [] },
        ],
        "rules": rules,
        "fallback": { "action": { "connect": { "agent": "night" } } },
    }))
    .unwrap()
}

/// A rule whose conditions are each of a kind, settings and perhaps "not".
fn rule(id: &str, when: &[(&str, Value)], then: &str) -> Value {
    let test = |(condition, settings): &(&str, Value)| {
        let (condition, not) = match condition.strip_prefix("not ") {
            Some(condition) => (condition, true),
            None => (*condition, false),
        };
        json!({ "any_of": [{ "condition": condition, "not": not, "settings": settings }] })
    };
    let action = match then {
        "reject" | "keep" | "go_on" => json!(then),
        agent => json!({ "connect": { "agent": agent } }),
    };
    json!({ "id": id.to_lowercase().replace(' ', "-"), "name": id, "when": when.iter().map(test).collect::<Vec<_>>(),
        "then": { "action": action } })
}

fn open(schedule: &str) -> (&'static str, Value) {
    ("hours.open", json!({ "schedule": schedule }))
}

fn numbers(numbers: &[&str]) -> (&'static str, Value) {
    ("caller.number", json!({ "numbers": numbers }))
}

fn on(list: &str) -> (&'static str, Value) {
    ("lists.on", json!({ "lists": [list] }))
}

fn line(line: &str) -> (&'static str, Value) {
    ("line.is", json!({ "lines": [line] }))
}

fn country(code: &str) -> (&'static str, Value) {
    ("caller.country", json!({ "countries": [code] }))
}

fn find(table: &Table, knowledge: &Knowledge) -> Vec<Finding> {
    Checker::default().check(table, &Registry::built_in(), knowledge, now(), &|| false).unwrap()
}

/// Findings about rules and the fallback, as a person reads them.
fn said(table: &Table, knowledge: &Knowledge) -> Vec<String> {
    let findings = find(table, knowledge).into_iter();
    let of_rules = findings.filter(|finding| matches!(finding.place, Place::Rule(_) | Place::Fallback));
    of_rules.map(|finding| sentence(table, &finding)).collect()
}

fn sentence(table: &Table, finding: &Finding) -> String {
    let repairs: Vec<_> = finding.repairs.iter().map(|repair| repair.words(table)).collect();
    let (level, place) = (format!("{:?}", finding.level), finding.place.words(table));
    format!("{level}: {place} {} [{}]", finding.message, repairs.join(", "))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn rules_that_say_what_others_say_are_told() {
    let go_on = rule("Greeting", &[], "go_on");
    for (rules, expected) in [
        (
            json!([
                rule("Office", &[open("office")], "reception"),
                rule("Mornings", &[open("mornings"), line("main")], "night")
            ]),
            vec![
                "Warning: Rule “Mornings” never decides: “Office” above takes all of its calls [Move above “Office”, Delete this rule]",
            ],
        ),
        (
            json!([
                rule("Office", &[open("office")], "reception"),
                go_on,
                rule("Mornings", &[open("mornings")], "reception")
            ]),
            vec![
                "Warning: Rule “Mornings” never decides: “Office” above takes all of its calls [Move above “Office”, Delete this rule]",
            ],
        ),
        (
            json!([
                rule("Office", &[open("office")], "reception"),
                rule("Mornings", &[open("mornings")], "reception")
            ]),
            vec![
                "Hint: Rule “Mornings” is not needed: “Office” above takes all of its calls and does the same [Delete this rule]",
            ],
        ),
        (
            json!([
                rule("Open", &[open("office")], "reception"),
                rule("Closed", &[("not hours.open", json!({"schedule": "office"}))], "night"),
                rule("Block", &[on("block")], "reject")
            ]),
            vec![
                "Warning: Rule “Block” never decides: “Open” and “Closed” above together take all of its calls [Move above “Open”, Delete this rule]",
            ],
        ),
        (
            json!([rule("Everyone", &[], "reception"), rule("The rest", &[], "night")]),
            vec![
                "Warning: Rule “The rest” never decides: “Everyone” above takes all of its calls [Delete this rule]",
            ],
        ),
        (
            json!([
                rule(
                    "Known",
                    &[("fact.compare", json!({"fact": "caller.withheld", "is": "yes"}))],
                    "reception"
                ),
                rule(
                    "Known on main",
                    &[line("main"), ("fact.compare", json!({"fact": "caller.withheld", "is": "yes"}))],
                    "night"
                )
            ]),
            vec![
                "Warning: Rule “Known on main” never decides: “Known” above takes all of its calls [Move above “Known”, Delete this rule]",
            ],
        ),
        (
            json!([
                rule(
                    "Known",
                    &[("fact.compare", json!({"fact": "caller.withheld", "is": "yes"}))],
                    "reception"
                ),
                rule(
                    "Unknown",
                    &[("not fact.compare", json!({"fact": "caller.withheld", "is": "yes"}))],
                    "night"
                ),
                rule("Not looked up", &[], "reject")
            ]),
            vec![],
        ),
        (
            json!([rule("Office", &[open("office")], "reception"), rule("Late", &[open("late")], "night")]),
            vec![
                "Hint: Rule “Late” shares calls with “Office” above, which takes them: Fri 12:00–17:00 [Move above “Office”]",
            ],
        ),
        (
            json!([
                rule("Press", &[numbers(&["+14155552671", "+4930901820"])], "reception"),
                rule("Bad callers", &[on("block")], "reject")
            ]),
            vec![
                "Hint: Rule “Bad callers” shares calls with “Press” above, which takes them: (415) 555-2671 [Move above “Press”]",
            ],
        ),
        (
            // An exception above a rule, and a rule about callers above one about hours.
            json!([
                rule("Block", &[on("block")], "reject"),
                rule("Mornings", &[open("mornings")], "night"),
                rule("Office", &[open("office")], "reception")
            ]),
            vec![],
        ),
        (
            json!([
                rule("Mornings", &[open("mornings")], "reception"),
                rule("Block", &[line("sales"), on("block")], "reject"),
                rule("Office", &[open("office")], "reception")
            ]),
            vec![],
        ),
        (
            json!([
                rule("Mornings", &[open("mornings"), line("main")], "reception"),
                rule("Office", &[open("office")], "reception")
            ]),
            vec![
                "Hint: Rule “Mornings” is not needed: “Office” below does the same with all of its calls [Delete this rule]",
            ],
        ),
        (
            json!([
                rule("Main", &[open("office"), line("main")], "reception"),
                rule("Sales", &[open("office"), line("sales")], "reception")
            ]),
            vec![
                "Hint: Rule “Sales” could be one rule with “Main” just above, which does the same [Join with “Main”]",
            ],
        ),
    ] {
        assert_eq!(said(&table(rules), &Knowledge::default()), expected);
    }
}

#[test]
fn rules_that_can_match_no_call_are_told_with_the_reason() {
    let over =
        json!({ "id": "over", "name": "Over", "until": "2026-11-01T09:00", "then": { "action": "keep" } });
    let far = json!({ "id": "far", "name": "Far", "from": "2031-01-01T09:00", "then": { "action": "keep" } });
    for (rules, expected) in [
        (
            json!([rule("Abroad", &[country("DE"), country("FR")], "reception")]),
            vec![
                "Warning: Rule “Abroad” can never match: no call fits “the caller is in Germany” and also “the caller is in France” [Delete this rule]",
            ],
        ),
        (
            json!([rule("VIP", &[on("empty")], "reception")]),
            vec![
                "Hint: Rule “VIP” matches no call yet, as nobody fits “the caller is on VIP list” [Delete this rule]",
            ],
        ),
        (
            json!([rule("Never", &[open("off")], "reception")]),
            vec![
                "Warning: Rule “Never” can never match: no call of the coming year fits “Never is open” [Delete this rule]",
            ],
        ),
        (
            json!([over]),
            vec![
                "Hint: Rule “Over” takes no calls any more: its time was over on Sun 1 Nov 2026, 09:00 [Delete this rule]",
            ],
        ),
        (json!([far]), vec![]),
    ] {
        assert_eq!(said(&table(rules), &Knowledge::default()), expected);
    }
}

#[test]
fn what_a_line_has_at_retell_decides_what_works() {
    let lines = |main, sales| Knowledge {
        default_agents: [("+14155550123", main), ("+14155550124", sales)]
            .into_iter()
            .filter_map(|(number, has)| Some((number.to_owned(), has?)))
            .collect(),
        ..Knowledge::default()
    };
    let block = || rule("Block", &[on("block")], "reject");
    let own = || rule("Own", &[line("sales")], "keep");
    let reject = "Error: Rule “Block” cannot reject calls to “Main line”, which has an agent of its own at Retell, and that agent takes rejected calls; \
        take it off the line there, or connect an agent here that ends such calls []";
    let keep = "Error: Rule “Own” keeps the line's own agent, but “Sales line” has none at Retell, so it would drop the call; \
        connect an agent here, or set one for the line there []";
    let guarded = rule("Block", &[on("block"), ("not call.default_agent", json!({}))], "reject");
    for (rules, knowledge, expected) in [
        (json!([block(), own()]), lines(Some(true), Some(false)), vec![reject, keep]),
        (json!([block(), own()]), lines(Some(false), Some(true)), vec![&reject.replace("Main", "Sales")]),
        (json!([block(), own()]), lines(None, None), vec![]),
        (json!([guarded]), lines(Some(true), Some(true)), vec![]),
    ] {
        assert_eq!(said(&table(rules), &knowledge), expected);
    }
    let findings = find(&table(json!([block()])), &lines(Some(false), Some(true)));
    let place = Place::Line("main".into());
    let outage = findings.iter().find(|finding| finding.place == place && finding.message.contains("is off"));
    assert!(outage.is_some(), "{findings:?}");
}

#[test]
fn a_gap_is_closed_by_a_rule_for_it() {
    let main = table(json!([
        rule("Office", &[open("office")], "reception"),
        rule("Late", &[open("late"), line("main")], "reception")
    ]));
    let findings = find(&main, &Knowledge::default());
    let gap = findings.iter().find(|finding| finding.place == Place::Line("main".into())).unwrap();
    assert_eq!(
        sentence(&main, gap),
        "Hint: Line “Main line” has no rule for Mon–Thu 17:00–09:00, Fri 20:00–10:00 and Sat 14:00 to Mon 09:00: \
         then only the fallback answers [Add a rule for Mon–Thu 17:00–09:00, Fri 20:00–10:00 and Sat 14:00 to Mon 09:00]"
    );
    let repaired = gap.repairs[0].apply(&main, &Registry::built_in()).unwrap();
    let added = repaired.table.rule(&repaired.opens.unwrap()).unwrap().clone();
    assert_eq!(added.when.len(), 2, "{added:?}");
    let schedule = repaired.table.schedules.last().unwrap();
    assert_eq!(
        schedule.hours,
        "Mo-Th 00:00-09:00,17:00-24:00; Fr 00:00-09:00,20:00-24:00; Sa 00:00-10:00,14:00-24:00; Su 00:00-24:00"
    );
    let mut finished = repaired.table.clone();
    finished.rules.last_mut().unwrap().then = finished.rules[0].then.clone();
    let left = find(&finished, &Knowledge::default());
    assert!(!left.iter().any(|finding| finding.place == Place::Line("main".into())), "{left:?}");
}

#[test]
fn agents_facts_and_the_log_are_looked_at() {
    let mut shop =
        table(json!([rule("Office", &[open("office")], "night"), rule("Block", &[on("block")], "reject")]));
    let rule = shop.rules[1].clone();
    let practice = |days, matched, shadowed: &[(&str, u64)]| InPractice {
        rule: rule.clone(),
        since: now() - TimeDelta::days(days),
        matched,
        shadowed: shadowed.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect(),
    };
    for (seen, expected) in [
        (practice(70, 0, &[]), Some("matched no call in the last 60 days")),
        (
            practice(70, 0, &[("office", 12)]),
            Some("never had its turn of late: “Office” above took all 12 calls that it would have matched"),
        ),
        (practice(70, 1, &[]), None),
        (practice(50, 0, &[]), None),
    ] {
        let rules = BTreeMap::from([("block".to_owned(), seen)]);
        let findings = find(&shop, &Knowledge { rules, ..Knowledge::default() });
        let told = findings.iter().find(|finding| finding.place == Place::Rule("block".into()));
        assert_eq!(told.map(|finding| finding.message.as_str()), expected);
    }
    let agent = |table: &Table| {
        find(table, &Knowledge::default())
            .into_iter()
            .find(|finding| finding.place == Place::Agent("reception".into()))
    };
    let told = agent(&shop).unwrap();
    assert_eq!(told.message, "is not used: no rule connects it, and the fallback does not");
    assert!(told.repairs[0].apply(&shop, &Registry::built_in()).unwrap().table.agent("reception").is_none());
    shop.rules[0].enabled = false;
    shop.rules[0].then =
        serde_json::from_value(json!({ "action": { "connect": { "agent": "reception" } } })).unwrap();
    assert_eq!(agent(&shop), None, "a rule that is off uses it too");
}

#[test]
fn what_a_prompt_needs_and_nobody_sets_is_told() {
    let mut shop = table(json!([rule("Office", &[open("office")], "reception")]));
    shop.agents[0].needs =
        serde_json::from_value(json!([{ "name": "name" }, { "name": "shop", "default": "Us" }])).unwrap();
    let expected = "Warning: Rule “Office” leaves name unset, and the prompt of “Reception” needs it []";
    assert_eq!(said(&shop, &Knowledge::default()), [expected]);
    shop.rules[0].then.variables.insert("name".into(), "Ada".into());
    assert!(said(&shop, &Knowledge::default()).is_empty());
}

#[test]
fn private_facts_that_follow_from_a_number_alone_are_told() {
    let known = |table: &mut Table| {
        let customers = json!([{ "id": "customers", "name": "Customers", "plugin": "contacts", "settings": {
            "file": "customers.csv", "numbers": ["phone"],
            "facts": [{ "column": "balance", "name": "balance" }, { "column": "name", "name": "name" }] } }]);
        table.look_ups = serde_json::from_value(customers).unwrap();
    };
    let told = |place: &str, facts: &str| {
        format!(
            "Hint: {place} tells the agent {facts} because of the caller's number, and a number can be faked; \
             let the agent ask for something that only this person knows before it says more []"
        )
    };
    let office = || table(json!([rule("Office", &[open("office")], "reception")]));
    let says = |text: &str| {
        let mut shop = office();
        known(&mut shop);
        shop.rules[0].then.variables.insert("greeting".into(), text.into());
        shop
    };
    let mut off = says("{{contact.name}}");
    off.rules[0].enabled = false;
    let mut over = says("{{contact.name}}");
    over.rules[0].until = Some("2026-11-01T09:00".into());
    let mut never = says("{{contact.name}}");
    never.rules.insert(0, serde_json::from_value(rule("Everyone", &[], "night")).unwrap());
    let mut rejects = says("{{contact.name}}");
    rejects.rules[0].then.action = serde_json::from_value(json!("reject")).unwrap();
    let mut not_asked = says("{{contact.name}}");
    not_asked.look_ups[0].enabled = false;
    let mut fallback = office();
    known(&mut fallback);
    fallback.fallback.variables.insert("name".into(), "{{contact.name}}".into());
    for (what, shop, expected) in [
        ("one", says("Dear {{contact.name}}"), vec![told("Rule “Office”", "{{contact.name}}")]),
        (
            "several",
            says("{{contact.name}} owes {{contact.balance}} to {{contact.name}}"),
            vec![told("Rule “Office”", "{{contact.balance}} and {{contact.name}}")],
        ),
        ("by the fallback", fallback, vec![told("The fallback", "{{contact.name}}")]),
        ("what everybody may know", says("{{caller.number}} from {{caller.country}}"), vec![]),
        ("words alone", says("contact.name"), vec![]),
        ("a rule that is off", off, vec![]),
        ("a rule whose time is over", over, vec![]),
        ("a rule that never decides", never, vec![]),
        ("a call that nobody answers", rejects, vec![]),
        ("a file that is not asked", not_asked, vec![]),
    ] {
        let said = said(&shop, &Knowledge::default());
        let private: Vec<_> = said.into_iter().filter(|said| said.contains("can be faked")).collect();
        assert_eq!(private, expected, "{what}");
    }
}

#[test]
fn agents_who_share_by_a_round_of_each_rule_do_not_do_the_same() {
    let share = |name: &str| json!({ "share": { "how": "shares.round_robin", "name": name, "agents": [{ "agent": "reception" }, { "agent": "night" }] } });
    for (name, told) in [("", 0), ("desk", 1)] {
        let mut shop = table(json!([
            rule("Mornings", &[open("mornings"), line("main")], "night"),
            rule("Office", &[open("office")], "night")
        ]));
        for rule in &mut shop.rules {
            rule.then.action = serde_json::from_value(share(name)).unwrap();
        }
        assert_eq!(said(&shop, &Knowledge::default()).len(), told, "{name}");
    }
}

#[test]
fn a_finding_that_was_put_aside_stays_so_until_what_it_is_about_changes() {
    let mut shop = table(json!([
        rule("Office", &[open("office")], "reception"),
        rule("Mornings", &[open("mornings")], "night")
    ]));
    let hidden = |table: &Table| {
        let findings = find(table, &Knowledge::default());
        findings.into_iter().find(|finding| finding.place == Place::Rule("mornings".into()))
    };
    let finding = hidden(&shop).unwrap();
    assert_eq!(finding.dismissed, None);
    dismiss(&mut shop, &finding, " For the summer ");
    let aside = |table: &Table| hidden(table).unwrap().dismissed;
    assert_eq!(aside(&shop).as_deref(), Some("For the summer"));
    let read: Table = serde_json::from_str(&serde_json::to_string(&shop).unwrap()).unwrap();
    assert_eq!(aside(&read).as_deref(), Some("For the summer"));

    let mut edited = shop.clone();
    edited.rules[0].name = "Opening hours".into();
    edited.rules.push(serde_json::from_value(rule("Other", &[numbers(&["+49*"])], "night")).unwrap());
    assert!(aside(&edited).is_some(), "an edit of something else changes nothing");
    edited.schedules[2].hours = "Mo-Fr 09:00-11:00".into();
    assert_eq!(aside(&edited), None, "the hours that it is about are others");

    let mut changed = shop.clone();
    changed.rules[1].then.action = switchboard::routing::Action::Reject;
    assert_eq!(aside(&changed), None);
    bring_back(&mut shop, &finding);
    assert_eq!((aside(&shop), shop.dismissed.len()), (None, 0));
}

#[test]
fn a_check_that_nobody_wants_any_more_ends() {
    let shop = table(json!([rule("Office", &[open("office")], "reception")]));
    assert_eq!(
        Checker::default().check(&shop, &Registry::built_in(), &Knowledge::default(), now(), &|| true),
        None
    );
}

#[test]
fn a_table_that_is_not_finished_is_checked_as_far_as_it_goes() {
    let half = rule("Half", &[open("gone")], "reception");
    let shop = table(json!([half, rule("Everyone", &[], "reception"), rule("The rest", &[], "night")]));
    let expected =
        "Warning: Rule “The rest” never decides: “Everyone” above takes all of its calls [Delete this rule]";
    assert_eq!(said(&shop, &Knowledge::default()), [expected]);
    let nowhere = Table { zone: "Mars".into(), ..shop };
    assert!(said(&nowhere, &Knowledge::default()).is_empty());
}

#[test]
fn a_look_up_that_cannot_work_here_is_told_until_it_is_put_aside() {
    let mut shop = table(json!([rule("Office", &[open("office")], "reception")]));
    shop.look_ups =
        serde_json::from_value(json!([{ "id": "crm", "name": "CRM", "plugin": "http" }])).unwrap();
    let lack = ("crm".to_owned(), "its secret “Key” is not on this computer; enter it".to_owned());
    let knowledge = Knowledge { lacks: BTreeMap::from([lack]), ..Knowledge::default() };
    let told = |table: &Table, knowledge: &Knowledge| {
        let found = find(table, knowledge).into_iter();
        found.filter(|finding| finding.place == Place::LookUp("crm".into())).collect::<Vec<_>>()
    };
    assert!(told(&shop, &Knowledge::default()).is_empty());
    let found = told(&shop, &knowledge);
    assert_eq!(
        sentence(&shop, &found[0]),
        "Warning: Look-up “CRM” finds nothing out about calls: its secret “Key” is not on this computer; enter it []"
    );
    assert_eq!(found[0].place.field(&shop), "look_ups[0]");
    dismiss(&mut shop, &found[0], "not yet");
    assert_eq!(told(&shop, &knowledge)[0].dismissed.as_deref(), Some("not yet"));
    shop.look_ups[0].settings = json!({ "url": "https://other.example.com" });
    assert_eq!(told(&shop, &knowledge)[0].dismissed, None);
}

#[test]
fn a_fact_that_nobody_gives_is_told() {
    let compare = |fact: &str| ("fact.compare", json!({ "fact": fact, "is": "known" }));
    let table = table(json!([
        rule("Unknown", &[compare("crm.vip")], "reception"),
        rule("Known", &[compare("caller.country")], "reception"),
    ]));
    let (registry, wanted) = (Registry::built_in(), || false);
    let found = Checker::default().check(&table, &registry, &Knowledge::default(), now(), &wanted).unwrap();
    let told: Vec<&Finding> = found.iter().filter(|found| found.kind == FindingKind::FactUnknown).collect();
    let [told] = told[..] else { panic!("{found:?}") };
    assert_eq!(told.place, Place::Rule("unknown".into()));
    assert!(told.message.starts_with("goes by the fact “crm.vip”, which no plugin"), "{}", told.message);
}

#[test]
fn a_text_with_a_fact_that_nobody_gives_is_told() {
    let mut shop = table(json!([rule("Misspelled", &[], "reception"), rule("Right", &[], "reception")]));
    shop.rules[0]
        .then
        .variables
        .insert("name".into(), "Hello {{contact.nam|you}} from {{caller.country}}".into());
    shop.rules[1].then.variables.insert("from".into(), "{{caller.country}}".into());
    shop.agents[0].needs =
        serde_json::from_value(json!([{ "name": "who", "default": "{{nobody.knows}}" }])).unwrap();
    let (registry, wanted) = (Registry::built_in(), || false);
    let found = Checker::default().check(&shop, &registry, &Knowledge::default(), now(), &wanted).unwrap();
    let told = found.iter().filter(|found| found.kind == FindingKind::TextUnknown);
    let told: Vec<_> =
        told.map(|found| (found.place.clone(), found.message.split(", which").next().unwrap())).collect();
    assert_eq!(
        told,
        [
            (Place::Rule("misspelled".into()), "puts {{contact.nam}} into what the agent is told"),
            (Place::Agent(shop.agents[0].id.clone()), "puts {{nobody.knows}} into what the agent is told"),
        ]
    );
}
