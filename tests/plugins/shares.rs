//! Agents who share calls: whom each way of sharing chooses and why, and what is told of shares that
//! cannot work.

use switchboard::plugins::Turns;
use switchboard::routing::{Decided, Decision, compile};

use super::*;

/// Rounds that all stand at one turn.
#[derive(Debug)]
struct At(u64);

impl Turns for At {
    fn next(&self, _: &str) -> u64 {
        self.0
    }
}

fn with(share: &Value) -> Table {
    let mut table = table();
    let rule = json!({ "id": "r", "name": "R", "then": { "action": { "share": share } } });
    table.rules = vec![serde_json::from_value(rule).unwrap()];
    table
}

fn ada_and_bo(how: &str, ada: u32, bo: u32) -> Value {
    json!({ "how": how, "agents": [{ "agent": "ada", "percent": ada }, { "agent": "bo", "percent": bo }] })
}

fn decided(table: &Table, from: Caller, facts: &[(&str, Fact)], time: &str) -> Decision {
    let mut known = Facts::default();
    for (name, value) in facts {
        known.set(*name, value.clone());
    }
    let compiled = compile(table, &Registry::built_in()).unwrap();
    compiled.decide(&Call::new(from, "+14155550123"), &known, at(time))
}

fn agent(decision: &Decision) -> &str {
    let Decided::Connect { id, .. } = &decision.action else { panic!("{:?}", decision.action) };
    id
}

fn why(decision: &Decision) -> &str {
    &decision.chosen.as_ref().unwrap().why
}

fn caller() -> Caller {
    Caller::Number("+14155552671".into())
}

const NOW: &str = "2026-03-02T15:00:00Z";

#[test]
fn every_way_to_share_is_told_and_chooses() {
    let registry = Registry::built_in();
    for plugin in registry.plugins() {
        let named: BTreeSet<_> = plugin.manifest().choices.keys().map(String::as_str).collect();
        let offered: BTreeSet<_> = plugin.choices().iter().map(|kind| kind.name()).collect();
        assert_eq!(named, offered);
        assert_eq!(plugin.manifest().offers.contains(&Offer::Choice), !offered.is_empty());
    }
    for entry in registry.choices() {
        let (id, info) = (entry.id(), entry.info);
        assert!(!info.title.is_empty() && !info.help.is_empty() && !info.help.ends_with('.'), "{id}");
        let mut share = ada_and_bo(&id, 50, 50);
        share["settings"] = entry.kind.starter();
        let table = with(&share);
        for call in calls() {
            let decision = decided(&table, call.from, &[], NOW);
            assert!(["ada", "bo"].contains(&agent(&decision)), "{id}");
            assert!(!why(&decision).is_empty() && !why(&decision).ends_with('.'), "{id}");
        }
    }
}

#[test]
fn by_percentage_a_caller_always_gets_the_same_agent() {
    let table = with(&ada_and_bo("shares.weighted", 50, 50));
    let first = decided(&table, caller(), &[], NOW);
    assert_eq!(why(&first), "the caller's number draws Bo, now and on every other call");
    assert_eq!(agent(&decided(&table, caller(), &[], "2030-01-01T00:00:00Z")), agent(&first));
    let all = with(&ada_and_bo("shares.weighted", 100, 0));
    assert_eq!(agent(&decided(&all, caller(), &[], NOW)), "ada");
    let hidden = decided(&table, Caller::Withheld, &[], NOW);
    assert!(why(&hidden).starts_with("the number is withheld, so the line and the minute draw"));
    assert_eq!(agent(&decided(&table, Caller::Withheld, &[], "2026-03-02T15:00:59Z")), agent(&hidden));
}

#[test]
fn in_turn_the_fact_says_whose_turn_it_is() {
    let table =
        with(&json!({ "how": "shares.round_robin", "agents": [{ "agent": "ada" }, { "agent": "bo" }] }));
    for (turn, chosen) in [(0.0, "ada"), (1.0, "bo"), (2.0, "ada"), (17.0, "bo")] {
        let decision = decided(&table, caller(), &[("shares.turn.r", Fact::Number(turn))], NOW);
        assert_eq!(agent(&decision), chosen);
        assert_eq!(decision.turn().map(|turn| (turn.of.as_str(), turn.number)), Some(("r", turn as u64)));
    }
    let unknown = decided(&table, caller(), &[], NOW);
    assert!(why(&unknown).starts_with("whose turn it is, is not known"));
    assert_eq!(unknown.turn(), None, "what is not known is not taken");
}

#[test]
fn rounds_are_facts_of_the_table_and_rules_with_one_name_share_a_round() {
    let share =
        |name: &str| json!({ "how": "shares.round_robin", "name": name, "agents": [{ "agent": "ada" }] });
    let mut table = with(&share(""));
    table.rules.push(table.rules[0].clone());
    table.rules[1].id = "s".into();
    table.rules[1].then.action = serde_json::from_value(json!({ "share": share(" Team ") })).unwrap();
    table.fallback.action = serde_json::from_value(json!({ "share": share("Team") })).unwrap();
    let host = Host { turns: Some(Arc::new(At(7))), ..Host::default() };
    let facts = all_facts(&Registry::with_host(host), &table, Call::new(caller(), "+14155550123"));
    let turns: Vec<_> = facts.iter().filter(|(name, _)| name.starts_with("shares.")).collect();
    assert_eq!(turns, [("shares.turn.Team", &Fact::Number(7.0)), ("shares.turn.r", &Fact::Number(7.0))]);
    let titles = Registry::built_in().facts(&table);
    assert_eq!(titles["shares.turn.r"].title, "Next turn in “R”");
    assert_eq!(titles["shares.turn.Team"].title, "Next turn in “Team”");
}

#[test]
fn the_agent_of_last_time_is_kept_as_long_as_is_said() {
    let mut share = ada_and_bo("shares.sticky", 0, 100);
    share["settings"] = json!({ "within": 30, "unit": "days" });
    let table = with(&share);
    let time = |text: &str| Fact::Time(at(text).fixed_offset());
    let first_time = ("history.first_time", Fact::YesNo(false));
    for (with_ada, with_bo, chosen, reason) in [
        (Some("2026-02-27T15:00:00Z"), None, "ada", "Ada answered this caller 3 days ago"),
        (
            Some("2026-02-27T15:00:00Z"),
            Some("2026-03-01T15:00:00Z"),
            "bo",
            "Bo answered this caller 24 hours ago",
        ),
        (Some("2026-01-31T15:00:00Z"), None, "ada", "Ada answered this caller 30 days ago"),
        (
            Some("2026-01-31T14:59:59Z"),
            None,
            "bo",
            "none of these agents answered this caller within 30 days, so the caller's number draws Bo, now and on every other call",
        ),
    ] {
        let mut facts = vec![first_time.clone()];
        facts.extend(with_ada.map(|text| ("history.with.ada", time(text))));
        facts.extend(with_bo.map(|text| ("history.with.bo", time(text))));
        let decision = decided(&table, caller(), &facts, NOW);
        assert_eq!((agent(&decision), why(&decision)), (chosen, reason));
    }
    let unknown = decided(&table, caller(), &[], NOW);
    assert!(why(&unknown).starts_with("who answered before is not known"), "{}", why(&unknown));
}

#[test]
fn shares_that_cannot_work_are_told_in_a_sentence() {
    let agents = |agents: Value| json!({ "how": "shares.weighted", "agents": agents });
    for (share, field, part) in [
        (agents(json!([])), "agents", "nobody shares its calls; add agents"),
        (
            agents(json!([{ "agent": "ada", "percent": 60 }])),
            "",
            "the shares are 60% together; make them 100%",
        ),
        (
            agents(json!([{ "agent": "gone", "percent": 100 }])),
            "agents[0].agent",
            "the agent “gone” is not in the table",
        ),
        (agents(json!([{ "agent": "", "percent": 100 }])), "agents[0].agent", "no agent is chosen"),
        (
            agents(json!([{ "agent": "ada", "percent": 50 }, { "agent": "ada", "percent": 50 }])),
            "agents[1].agent",
            "Ada shares its calls twice; take one of the two away",
        ),
        (
            json!({ "how": "shares.lottery", "agents": [{ "agent": "ada" }] }),
            "",
            "“shares.lottery” is not known here",
        ),
        (
            json!({ "how": "shares.sticky", "agents": [{ "agent": "ada", "percent": 100 }] }),
            "",
            "no time is given; write how many minutes, hours or days",
        ),
    ] {
        let problems = compile(&with(&share), &Registry::built_in()).unwrap_err();
        let dot = if field.is_empty() { "" } else { "." };
        let field = format!("rules[0].then.action.share{dot}{field}");
        let told = problems.iter().any(|problem| problem.field == field && problem.message.contains(part));
        assert!(told, "{problems:?} tells {part} at {field}");
        assert!(problems.iter().all(|problem| problem.rule.as_deref() == Some("r")), "{problems:?}");
    }
}

#[test]
fn two_versions_of_one_agent_can_share_calls() {
    let part = |version: u32| json!({ "agent": "ada", "version": version, "percent": 50 });
    let table = with(&json!({ "how": "shares.weighted", "agents": [part(3), part(4)] }));
    let versions: BTreeSet<String> = (0..50)
        .map(|n| {
            let from = Caller::Number(format!("+1415555{n:04}"));
            let Decided::Connect { version, .. } = decided(&table, from, &[], NOW).action else { panic!() };
            version.unwrap().to_string()
        })
        .collect();
    assert_eq!(versions, BTreeSet::from(["3".into(), "4".into()]));
}
