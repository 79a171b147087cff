//! Random tables of the small world: what the checks and the index say, against every call.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use switchboard::routing::checks::{Checker, Finding, FindingKind, Knowledge, Place, Repair};
use switchboard::routing::{Action, By, Decided, Detail, Rule, Table, compile};

use crate::world::{EVENTS, STATED, Set, TOYS, World, any_table, decide, matched, now};

/// Tables in a plain run; more with `PROPTEST_CASES`.
fn cases() -> u32 {
    Config::default().cases.max(1000)
}

fn knowledge() -> Knowledge {
    let default_agents = BTreeMap::from([("L1".to_owned(), true), ("L2".to_owned(), false)]);
    Knowledge { default_agents, ..Knowledge::default() }
}

fn check(checker: &mut Checker, table: &Table) -> Vec<Finding> {
    checker.check(table, &World, &knowledge(), now(), &|| false).unwrap()
}

fn place_of(table: &Table, id: &str) -> usize {
    table.rules.iter().position(|rule| rule.id == id).unwrap()
}

fn ends(rule: &Rule) -> bool {
    rule.then.action != Action::GoOn
}

/// What rules above this place leave of the calls it matches.
fn left(table: &Table, place: usize) -> Set {
    let above = table.rules[..place].iter().filter(|rule| ends(rule));
    above.fold(matched(&table.rules[place]), |left, rule| left.minus(&matched(rule)))
}

/// Whether both tables do the same with every call.
fn do_the_same(a: &Table, b: &Table) -> bool {
    let (a, b) = (decide(a), decide(b));
    a.iter().all(|(set, _, action, variables)| {
        b.iter().all(|(other, _, others, more)| {
            (action, variables) == (others, more) || set.and(other).is_empty()
        })
    })
}

fn without(table: &Table, id: &str) -> Table {
    let mut table = table.clone();
    table.rules.retain(|rule| rule.id != id);
    table
}

/// Whether a finding is true, as far as this world can tell.
fn is_true(table: &Table, finding: &Finding) -> bool {
    let rule = || match &finding.place {
        Place::Rule(id) => place_of(table, id),
        other => panic!("{other:?} is no rule"),
    };
    let others = || finding.others.iter().map(|id| place_of(table, id)).collect::<Vec<_>>();
    match finding.kind {
        FindingKind::Hidden => {
            let place = rule();
            let taken = others().into_iter().fold(Set::none(), |sum, other| {
                assert!(other < place && ends(&table.rules[other]));
                sum.or(&matched(&table.rules[other]))
            });
            matched(&table.rules[place]).minus(&taken).is_empty()
        }
        FindingKind::NotNeeded => do_the_same(table, &without(table, &table.rules[rule()].id)),
        FindingKind::NeverMatches => matched(&table.rules[rule()]).is_empty(),
        FindingKind::Expired => table.rules[rule()].until.as_deref() == Some("2026-02-01T00:00"),
        FindingKind::OrderDecides => {
            let (above, below) = (&table.rules[others()[0]], &table.rules[rule()]);
            above.then != below.then && !matched(above).and(&matched(below)).is_empty()
        }
        FindingKind::CouldBeOne => {
            let Some(Repair::Join { .. }) = finding.repairs.first() else { return false };
            do_the_same(table, &finding.repairs[0].apply(table, &World).unwrap().table)
        }
        FindingKind::Gap => {
            let Place::Line(id) = &finding.place else { return false };
            let Some(Repair::AddRule { hours, .. }) = finding.repairs.first() else { return false };
            let number = &table.line(id).unwrap().number;
            let has_period = |rule: &Rule| rule.from.is_some() || rule.until.is_some();
            // Only in most weeks, where rules come and go.
            let told = Set::of(|event| {
                let minutes =
                    (event.at - now().date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc()).num_minutes();
                let minute = usize::try_from(minutes).unwrap() % (7 * 24 * 60);
                let is_in = |span: &switchboard::routing::checks::WeekSpan| {
                    (minute + 7 * 24 * 60 - span.from_min) % (7 * 24 * 60) < span.length_min
                };
                // Any caller, or one from around that no rule names.
                let is_meant =
                    !finding.message.contains("a rule is about") || event.call.from.number() == Some("+12");
                event.call.to == *number && is_meant && hours.iter().any(is_in)
            });
            let taken = |rule: &Rule| ends(rule) && !matched(rule).and(&told).is_empty();
            table.rules.iter().any(has_period) || !table.rules.iter().any(taken)
        }
        FindingKind::RejectCannotWork => {
            finding.message.contains("Line L1") && !finding.message.contains("Line L2")
        }
        FindingKind::NothingToKeep => {
            finding.message.contains("Line L2") && !finding.message.contains("Line L1")
        }
        FindingKind::NoSafetyNet => finding.place == Place::Line("l2".into()),
        // Told of what Retell says of the account, which says nothing here.
        FindingKind::AgentUnknown | FindingKind::AgentSuspended => false,
        FindingKind::AgentNotUsed => {
            let Place::Agent(id) = &finding.place else { return false };
            let outcomes = table.rules.iter().map(|rule| &rule.then).chain([&table.fallback]);
            outcomes.into_iter().all(|then| then.action != crate::world::connect(id))
        }
        other => panic!("nobody told of {other:?}"),
    }
}

#[test]
fn no_finding_is_ever_wrong() {
    let mut checker = Checker::default();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut runner = TestRunner::new_with_rng(
        Config { cases: cases(), failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let checker = std::cell::RefCell::new(&mut checker);
    let seen_in = std::cell::RefCell::new(&mut seen);
    runner
        .run(&any_table(TOYS.len()), |table| {
            for finding in check(&mut checker.borrow_mut(), &table) {
                prop_assert!(is_true(&table, &finding), "{:?}\n{:#?}", finding, table.rules);
                *seen_in.borrow_mut().entry(finding.kind.name()).or_default() += 1;
                for repair in &finding.repairs {
                    let words = repair.words(&table);
                    let done =
                        matches!(repair, Repair::AddRule { .. }) || repair.apply(&table, &World).is_some();
                    prop_assert!(done, "{}", words);
                }
            }
            Ok(())
        })
        .unwrap();
    println!("{seen:?}");
    for kind in ["hidden", "never_matches", "expired", "order_decides", "not_needed", "could_be_one", "gap"] {
        assert!(seen.contains_key(kind), "{kind} never came up, so nothing was shown of it");
    }
}

#[test]
fn few_hidden_rules_are_missed_where_all_conditions_state_their_calls() {
    let (hidden, found) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let checker = std::cell::RefCell::new(Checker::default());
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&any_table(STATED), |table| {
            let findings = check(&mut checker.borrow_mut(), &table);
            for (place, rule) in table.rules.iter().enumerate() {
                if matched(rule).is_empty() || !left(&table, place).is_empty() {
                    continue;
                }
                hidden.set(hidden.get() + 1);
                let is_told = |finding: &Finding| {
                    matches!(finding.kind, FindingKind::Hidden | FindingKind::NotNeeded)
                        && finding.place == Place::Rule(rule.id.clone())
                };
                found.set(found.get() + usize::from(findings.iter().any(is_told)));
            }
            Ok(())
        })
        .unwrap();
    let (hidden, found) = (hidden.get(), found.get());
    println!("{found} of {hidden} hidden rules found");
    assert!(hidden > 100 && found * 100 >= hidden * 95, "{found} of {hidden}");
}

#[test]
fn deciding_by_the_index_is_deciding() {
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    let events = prop::collection::vec(0..EVENTS.len(), 1..8);
    TestRunner::new(config)
        .run(&(any_table(TOYS.len()), events), |(table, events)| {
            // Their numbers are none.
            let table = Table { lines: Vec::new(), ..table };
            let compiled = compile(&table, &World).unwrap_or_else(|problems| panic!("{problems:?}"));
            let decided = decide(&table);
            for event in events {
                let (_, by, action, variables) =
                    decided.iter().find(|(set, ..)| set.has(event)).expect("every call is decided");
                let action = match action {
                    Action::Connect { agent, .. } => Some(format!("agent_{agent}")),
                    other => Some(format!("{other:?}")),
                };
                let event = &EVENTS[event];
                let told = compiled.decide(&event.call, &event.facts, event.at);
                for detail in [Detail::All, Detail::Met, Detail::Nothing] {
                    let found = compiled.decide_with(&event.call, &event.facts, event.at, detail);
                    let found_action = match &found.action {
                        Decided::Connect { retell_id, .. } => Some(retell_id.clone()),
                        other => Some(format!("{other:?}")),
                    };
                    prop_assert_eq!(&found_action, &action);
                    prop_assert_eq!(&found.variables, variables);
                    let found_by = match &found.by {
                        By::Rule { id, .. } => Some(place_of(&table, id)),
                        _ => None,
                    };
                    prop_assert_eq!(found_by, *by);
                    let is_told = found.trace.iter().all(|rule| told.trace.contains(rule));
                    prop_assert!(is_told, "{:?}", detail);
                }
            }
            Ok(())
        })
        .unwrap();
}
