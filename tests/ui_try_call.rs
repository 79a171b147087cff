//! The screen "Try a call" used as a person would: by name, with pointer and keyboard.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
#[path = "support/watching.rs"]
mod watching;

use egui::{Key, Modifiers, Role, Theme, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use switchboard::plugins::Person;
use switchboard::retell::diagnosis::Diagnosis;
use switchboard::routing::{By, Caller, Decided, Medium, Problem};
use switchboard::service::messages::{
    Bench, BenchEvent, BurstPart, Command, FileOutcome, FileTried, FilesPart, FrontDoor, Serving, Tried,
    TriedDecision,
};
use switchboard::service::{Health, Proof};
use switchboard::ui::app::{Action, Actions, State};
use switchboard::ui::try_call::TryCallScreen;
use switchboard::ui::widgets::shell::Place;
use watching::{ANSWER, REQUEST, decision, empty_state, framed, full_state, tried};

struct World {
    state: State,
    screen: TryCallScreen,
    actions: Actions,
    /// What the real port says.
    real_answer: String,
    /// What is wrong with the draft.
    problems: Vec<Problem>,
    /// What the draft makes of a call besides.
    change: Option<fn(&mut TriedDecision)>,
    /// What is asked gets lost.
    is_deaf: bool,
}

impl World {
    fn trials(&self) -> Vec<&switchboard::service::messages::Trial> {
        let trial = |action| match action {
            &Action::Send(Command::Try(ref trial)) => Some(&**trial),
            _ => None,
        };
        self.actions.iter().filter_map(trial).collect()
    }

    /// The number of the work that was asked for last.
    fn last_run(&self) -> u64 {
        let run = |action: &Action| match action {
            Action::Send(Command::Bench(wanted)) => match &**wanted {
                Bench::TryFiles { run, .. } => Some(*run),
                Bench::Burst(wish) => Some(wish.run),
                _ => None,
            },
            _ => None,
        };
        self.actions.iter().rev().find_map(run).unwrap()
    }
}

fn show(ui: &mut Ui, world: &mut World) {
    let World { state, screen, actions, real_answer, problems, change, is_deaf } = world;
    let mut now = Actions::new();
    framed(ui, Place::TryCall, |ui| screen.ui(ui, state, &mut now));
    for action in now.iter().filter(|_| !*is_deaf) {
        match action {
            Action::Send(Command::Try(trial)) if trial.draft.is_some() && !problems.is_empty() => {
                let result = Err(problems.clone());
                state.tried_draft = Some(Box::new(Tried { trial: (**trial).clone(), result }));
            }
            Action::Send(Command::Try(trial)) if trial.draft.is_some() => {
                let mut tried = tried((**trial).clone());
                if let (Some(change), Ok(decided)) = (&*change, &mut tried.result) {
                    change(decided);
                }
                state.tried_draft = Some(tried);
            }
            Action::Send(Command::Try(trial)) => state.tried = Some(tried((**trial).clone())),
            Action::Send(Command::Bench(wanted)) => match &**wanted {
                Bench::SavePresets(presets) => state.bench.presets.clone_from(presets),
                Bench::FindPeople { words, .. } => {
                    let anna = Person {
                        name: "Anna Baker".into(),
                        number: "+12125550187".into(),
                        source: "Customers".into(),
                    };
                    state.bench.people = Some((words.clone(), vec![anna]));
                }
                Bench::TryFiles { run, .. } => {
                    state.bench.hear(BenchEvent::Files(FilesPart {
                        run: *run,
                        total: Some(40),
                        rows: file_rows(),
                        why_not: None,
                        is_done: true,
                    }));
                }
                Bench::CheckSignature { .. } => state.bench.hear(BenchEvent::Signature(Diagnosis {
                    fits: false,
                    title: "One character of the body was changed: “2” stands at line 1, column 29, and “1” was signed".into(),
                    details: vec!["With the key in Settings the signature fits once that is put right".into()],
                })),
                Bench::Burst(wish) => {
                    let took_us = (0..wish.calls).map(|index| 900 + u64::from(index * index) % 9000);
                    state.bench.hear(BenchEvent::Burst(BurstPart {
                        run: wish.run,
                        total: wish.calls,
                        took_us: took_us.collect(),
                        failed: Vec::new(),
                        is_done: true,
                        seconds: 0.42,
                    }));
                }
                Bench::Stop => {}
            },
            Action::Send(Command::SendSigned(body)) => {
                state.front_door = Some(Box::new(FrontDoor {
                    is_public: false,
                    url: "http://127.0.0.1:8787/webhook/inbound".into(),
                    body: body.clone(),
                    result: Ok((200, real_answer.clone(), 2.3)),
                    wrong: None,
                }));
            }
            Action::Send(Command::SendPublic(body)) => {
                let is_there = real_answer == ANSWER;
                state.public_door = Some(Box::new(FrontDoor {
                    is_public: true,
                    url: "https://calls.example.com/webhook/inbound".into(),
                    body: body.clone(),
                    result: Ok(if is_there { (200, real_answer.clone(), 64.1) } else { (502, String::new(), 9.0) }),
                    wrong: (!is_there).then(|| "The tunnel is there, but does not get through".into()),
                }));
            }
            _ => continue,
        }
        ui.ctx().request_repaint();
    }
    actions.extend(now);
}

fn window(state: State, size: [f32; 2], theme: Theme) -> Harness<'static, World> {
    let world = World {
        state,
        screen: TryCallScreen::default(),
        actions: Vec::new(),
        real_answer: ANSWER.into(),
        problems: Vec::new(),
        change: None,
        is_deaf: false,
    };
    let mut harness = support::window(size, theme).build_ui_state(show, world);
    harness.run();
    harness
}

fn open() -> Harness<'static, World> {
    window(empty_state(), [1400.0, 2400.0], Theme::Light)
}

fn type_into(harness: &mut Harness<'static, World>, name: &str, text: &str) {
    let field = |role| move |h: &Harness<'static, World>| h.query_by_role_and_label(role, name).is_some();
    let role = if field(Role::TextInput)(harness) { Role::TextInput } else { Role::MultilineTextInput };
    harness.get_by_role_and_label(role, name).focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(role, name).type_text(text);
    harness.run();
}

fn click(harness: &mut Harness<'static, World>, name: &str) {
    harness.get_by_label(name).click();
    harness.run();
}

/// The same where something turns until an answer comes.
fn press(harness: &mut Harness<'static, World>, name: &str) {
    harness.get_by_role_and_label(Role::Button, name).click();
    harness.run_steps(4);
}

fn is_grey(harness: &Harness<'static, World>, name: &str) -> bool {
    harness.get_by_role_and_label(Role::Button, name).accesskit_node().is_disabled()
}

#[test]
fn a_call_is_tried_as_it_is_typed_and_not_again_and_again() {
    let mut harness = open();
    harness.get_by_label_contains("Fill in the caller's number");
    assert!(harness.state().trials().is_empty());
    type_into(&mut harness, "Caller", "(415) 555 2671");
    harness.get_by_label_contains("+1 415-555-2671");
    harness.get_by_label("Retell will connect Reception");
    let count = harness.state().trials().len();
    harness.run_steps(10);
    let trials = harness.state().trials();
    assert_eq!(trials.len(), count, "nothing new, nothing asked");
    let trial = trials[trials.len() - 1];
    assert_eq!(trial.call.from, Caller::Number("+14155552671".into()));
    assert_eq!(trial.call.to, "+14155550100");
    assert_eq!(trial.call.default_agent, None);
    assert!(trial.draft.is_none());
    assert_eq!(trial.at.to_rfc3339(), "2026-11-23T19:05:00+00:00");
}

#[test]
fn a_text_message_is_tried_like_a_call() {
    let mut harness = open();
    type_into(&mut harness, "Caller", "(415) 555 2671");
    click(&mut harness, "What comes in");
    click(&mut harness, "A text message");
    let trials = harness.state().trials();
    assert_eq!(trials[trials.len() - 1].call.medium, Medium::Text);
    harness.get_by_role_and_label(Role::Button, "Send for real").click();
    harness.run();
    let sent = harness.state().state.front_door.as_ref().unwrap();
    assert!(sent.body.contains("chat_inbound") && !sent.body.contains("call_inbound"), "{}", sent.body);
}

#[test]
fn a_withheld_call_to_a_line_with_an_agent_against_the_draft() {
    let mut harness = open();
    click(&mut harness, "Withheld");
    click(&mut harness, "Has an agent of its own at Retell");
    click(&mut harness, "Draft");
    let world = harness.state();
    let trials = world.trials();
    let trial = trials[trials.len() - 1];
    assert_eq!(trial.call.from, Caller::Withheld);
    assert!(trial.call.default_agent.is_some());
    assert!(trial.draft.is_some());
}

#[test]
fn a_time_that_cannot_be_read_says_how_to_write_it() {
    let mut harness = open();
    click(&mut harness, "Withheld");
    type_into(&mut harness, "Date and time", "tomorrow");
    assert!(harness.query_all_by_label_contains("Write it like 2026-11-23 14:05").next().is_some());
    type_into(&mut harness, "Date and time", "2026-12-24 18:30");
    let trial_at = |harness: &Harness<'static, World>| {
        let trials = harness.state().trials();
        trials[trials.len() - 1].at.to_rfc3339()
    };
    assert_eq!(trial_at(&harness), "2026-12-24T23:30:00+00:00");
    click(&mut harness, "Now");
    assert_eq!(trial_at(&harness), "2026-11-23T19:05:00+00:00");
}

#[test]
fn form_and_json_stay_in_step() {
    let mut harness = open();
    type_into(&mut harness, "Caller", "+49 30 12345678");
    click(&mut harness, "Add a SIP header");
    type_into(&mut harness, "Header 1 name", "X-Campaign");
    type_into(&mut harness, "Header 1 value", "spring");
    click(&mut harness, "Raw JSON");
    let payload = harness.get_by_label("Payload");
    let text = payload.accesskit_node().value().unwrap();
    assert!(text.contains("+493012345678") && text.contains("X-Campaign"), "{text}");
    type_into(&mut harness, "Payload", "{\n \"event\": }");
    assert!(harness.query_all_by_label_contains("line 2, column").next().is_some());
    click(&mut harness, "Use the sample");
    click(&mut harness, "Form");
    harness.get_by_label_contains("+1 415-555-2671");
    assert!(harness.query_by_label("Header 1 name").is_none());
}

#[test]
fn a_logged_call_fills_the_form_with_its_own_time() {
    let mut harness = open();
    harness.state_mut().screen.load_payload(REQUEST, None);
    harness.run();
    let world = harness.state();
    let trials = world.trials();
    let trial = trials[trials.len() - 1];
    assert_eq!(trial.call.default_agent.as_deref(), Some("agent_own"));
    assert_eq!(trial.call.headers["X-Campaign"], "spring");
    assert_eq!(trial.at.timestamp(), 1_795_460_592);
    harness.state_mut().state.settings.hide_numbers = true;
    harness.state_mut().screen.load_payload(REQUEST, None);
    harness.run();
    let trials = harness.state().trials();
    assert_eq!(trials[trials.len() - 1].call.from.number(), Some("+14155552671"), "hiding changes no call");
    let silent = r#"{"event":"call_inbound","call_inbound":{"to_number":"+14155550123"}}"#;
    harness.state_mut().screen.load_payload(silent, Some(1_795_460_601_000));
    harness.run();
    let trials = harness.state().trials();
    assert_eq!(trials[trials.len() - 1].at.timestamp(), 1_795_460_601, "when it came, where it does not say");
    harness.state_mut().screen.load_payload("{ half", None);
    harness.run();
    assert!(harness.query_all_by_label_contains("not valid JSON").next().is_some());
}

#[test]
fn headers_that_cannot_go_into_one_request_are_told_and_kept() {
    let mut harness = open();
    click(&mut harness, "Withheld");
    for (number, name) in [(1, "X-Campaign"), (2, "x-campaign")] {
        click(&mut harness, "Add a SIP header");
        type_into(&mut harness, &format!("Header {number} name"), name);
        type_into(&mut harness, &format!("Header {number} value"), "spring");
    }
    harness.get_by_label_contains("The header “x-campaign” is given twice");
    type_into(&mut harness, "Header 2 name", "");
    harness.key_press(Key::Backspace);
    harness.run();
    harness.get_by_label_contains("Give header 2 a name");
    assert!(harness.query_by_label("Header 2 value").is_some(), "nothing is lost");
    type_into(&mut harness, "Header 2 name", "X-Binary");
    type_into(&mut harness, "Header 2 value", "\u{1}\u{202e}\u{7f}");
    harness.get_by_label("Retell will connect Reception");
}

#[test]
fn what_is_too_large_does_not_come_in_and_takes_nothing_away() {
    let mut harness = open();
    type_into(&mut harness, "Caller", "(415) 555 2671");
    click(&mut harness, "Raw JSON");
    harness.get_by_role_and_label(Role::MultilineTextInput, "Payload").focus();
    harness.run();
    harness.event(egui::Event::Paste("x".repeat(3 << 20)));
    harness.run();
    harness.get_by_label("What was pasted is 3.0 MB and was not taken");
    harness.get_by_label("Retell will connect Reception");
    type_into(&mut harness, "Payload", &"[".repeat(4000));
    assert!(harness.query_all_by_label_contains("more than a hundred deep").next().is_some());
    assert!(harness.query_by_label_contains("was not taken").is_none());
}

#[test]
fn callers_are_chosen_from_recent_ones_and_contacts() {
    let mut state = full_state();
    let mut table = (*state.draft).clone();
    let used = serde_json::json!({"id": "c", "name": "Customers", "plugin": "contacts", "settings": {}});
    table.look_ups.push(serde_json::from_value(used).unwrap());
    state.draft = std::sync::Arc::new(table);
    let mut harness = window(state, [1400.0, 1400.0], Theme::Light);
    click(&mut harness, "Choose a caller");
    harness.get_by_label("Called lately");
    click(&mut harness, "+49 30 12345678");
    let from = |harness: &Harness<'static, World>| {
        let trials = harness.state().trials();
        trials[trials.len() - 1].call.from.clone()
    };
    assert_eq!(from(&harness), Caller::Number("+493012345678".into()));
    click(&mut harness, "Choose a caller");
    type_into(&mut harness, "Search callers", "anna");
    click(&mut harness, "Anna Baker · (212) 555-0187");
    assert_eq!(from(&harness), Caller::Number("+12125550187".into()));
}

#[test]
fn a_call_is_kept_by_name_and_comes_back_with_its_time_and_facts() {
    let mut harness = open();
    type_into(&mut harness, "Caller", "+49 30 12345678");
    type_into(&mut harness, "Date and time", "2026-12-24 18:30");
    click(&mut harness, "Pinned");
    click(&mut harness, "Saved calls");
    click(&mut harness, "Save this call…");
    type_into(&mut harness, "Name", "Holiday call");
    click(&mut harness, "Save");
    let kept = harness.state().state.bench.presets.clone();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].name.as_str(), kept[0].asks_nobody), ("Holiday call", true));

    type_into(&mut harness, "Caller", "(415) 555 2671");
    click(&mut harness, "Now");
    click(&mut harness, "Asked now");
    click(&mut harness, "Saved calls");
    click(&mut harness, "Holiday call");
    let trials = harness.state().trials();
    let trial = trials[trials.len() - 1];
    assert_eq!(trial.call.from, Caller::Number("+493012345678".into()));
    assert_eq!(trial.at.to_rfc3339(), "2026-12-24T23:30:00+00:00");
    assert!(trial.knowing.asks_nobody);
    click(&mut harness, "Saved calls");
    click(&mut harness, "Delete “Holiday call”");
    assert!(harness.state().state.bench.presets.is_empty());
}

#[test]
fn facts_stand_below_who_knows_them_and_near_misses_come_first() {
    let mut harness = open();
    click(&mut harness, "Withheld");
    harness.get_by_label_contains(
        "“Block list” fits but for one thing: it lacks that the caller is on the list",
    );
    harness.get_by_label("Given here");
    harness.get_by_label("Contacts");
    click(&mut harness, "Open nearly matched rule Block list");
    let last = harness.state().actions.last();
    assert!(matches!(last, Some(Action::OpenRule(rule)) if rule == "block"), "{last:?}");
}

#[test]
fn live_and_draft_stand_side_by_side_with_what_differs() {
    let mut harness = open();
    click(&mut harness, "Withheld");
    click(&mut harness, "Side by side");
    harness.get_by_label("Publishing the draft would change nothing for this call");
    harness.state_mut().change = Some(|decided| {
        decided.answer = r#"{"call_inbound":{}}"#.into();
        decided.effect = "Retell will end the call".into();
    });
    click(&mut harness, "Has an agent of its own at Retell");
    harness.get_by_label("The draft does something else with this call");
    harness.get_by_label_contains("call_inbound.override_agent_id is missing");
    let trials = harness.state().trials();
    let last: Vec<_> = trials[trials.len() - 2..].iter().map(|trial| trial.draft.is_some()).collect();
    assert_eq!(last, [false, true], "both are asked");
}

fn file_rows() -> Vec<FileTried> {
    let outcome = |action: &Decided, by: By| FileOutcome {
        call: switchboard::routing::Call::new(Caller::Number("+14155552671".into()), "+14155550100"),
        at: watching::now(),
        line: Some("Main line".into()),
        action: action.clone(),
        by,
        effect: "Retell will end the call".into(),
        answer: ANSWER.into(),
    };
    let connect = decision().action;
    (1..=40)
        .map(|index| {
            let rule = |name: &str| By::Rule { id: "x".into(), name: name.into() };
            let result = match index % 5 {
                0 => {
                    Err("This is not valid JSON from line 2, column 11 on: compare it there with the sample."
                        .into())
                }
                1 => Ok(Box::new(outcome(&Decided::Reject, rule("Block list")))),
                2 => Ok(Box::new(outcome(&Decided::Keep, By::Fallback))),
                _ => Ok(Box::new(outcome(&connect, rule("VIP callers")))),
            };
            FileTried { place: format!("monday.har, request {index}"), body: REQUEST.into(), result }
        })
        .collect()
}

#[test]
fn requests_of_files_stand_in_a_table_and_each_can_be_looked_at_alone() {
    let mut harness = open();
    harness.state_mut().screen.load_files(vec!["/calls".into()]);
    harness.run();
    harness.get_by_label("40 requests tried");
    harness.get_by_label("Not read 8");
    click(&mut harness, "Only those");
    assert!(harness.query_by_label("Open monday.har, request 1").is_none());
    click(&mut harness, "Open monday.har, request 5");
    harness.get_by_label("Raw JSON");
    let trials = harness.state().trials();
    assert_eq!(trials[trials.len() - 1].call.headers["X-Campaign"], "spring");
}

#[test]
fn files_can_be_stopped_while_they_are_read_and_it_is_said_why_none_were_tried() {
    let mut harness = open();
    let hear = |harness: &mut Harness<'static, World>, part: FilesPart| {
        harness.state_mut().state.bench.hear(BenchEvent::Files(part));
        harness.run_steps(4);
    };
    harness.state_mut().is_deaf = true;
    harness.state_mut().screen.load_files(vec!["/home".into()]);
    harness.run_steps(4);
    let run = harness.state().last_run();
    hear(&mut harness, FilesPart { run, ..FilesPart::default() });
    harness.get_by_label("Reading the files…");
    assert!(harness.query_by_label("Try again").is_none(), "they are still read");
    press(&mut harness, "Stop");
    let last = harness.state().actions.last();
    assert!(
        matches!(last, Some(Action::Send(Command::Bench(wanted))) if matches!(**wanted, Bench::Stop)),
        "{last:?}"
    );
    harness.state_mut().state.failures += 1;
    harness.run_steps(4);
    harness.get_by_label_contains("if nothing more comes, try again");
    press(&mut harness, "Try again");

    let newer = harness.state().last_run();
    assert!(newer > run);
    hear(&mut harness, FilesPart { run: newer, ..FilesPart::default() });
    hear(&mut harness, FilesPart { run, rows: file_rows(), is_done: true, ..FilesPart::default() });
    harness.get_by_label("Reading the files…");
    let why_not = Some("The draft cannot decide calls yet: Block list is empty".to_owned());
    hear(&mut harness, FilesPart { run: newer, why_not, is_done: true, ..FilesPart::default() });
    harness.get_by_label_contains("The draft cannot decide calls yet");
    assert!(harness.query_by_label("There is no file in this folder").is_none());
    hear(&mut harness, FilesPart { run: newer, is_done: true, ..FilesPart::default() });
    harness.get_by_label("There is no file in this folder");
}

#[test]
fn a_pasted_key_is_forgotten_when_the_person_leaves() {
    let mut harness = open();
    click(&mut harness, "Signature");
    type_into(&mut harness, "Signature", "v=1,d=2");
    harness.get_by_role_and_label(Role::PasswordInput, "Key").focus();
    harness.run();
    harness.get_by_role_and_label(Role::PasswordInput, "Key").type_text("key_secret");
    harness.run();
    click(&mut harness, "Look into it");
    harness.get_by_label_contains("One character of the body was changed");
    let asked = harness.state().actions.iter().rev().find_map(|action| match action {
        Action::Send(Command::Bench(wanted)) => match &**wanted {
            Bench::CheckSignature { key, .. } => Some(key.clone()),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(asked.unwrap().unwrap().expose(), "key_secret");
    type_into(&mut harness, "Body", "{}");
    harness.get_by_label_contains("It was changed since");
    click(&mut harness, "Burst");
    click(&mut harness, "Signature");
    let key = harness.get_by_role_and_label(Role::PasswordInput, "Key");
    let shown = egui_kittest::kittest::NodeT::accesskit_node(&key).value().unwrap_or_default();
    assert!(shown.is_empty(), "{shown}");
}

#[test]
fn a_burst_says_how_quickly_calls_were_answered() {
    let mut harness = open();
    click(&mut harness, "Burst");
    harness.get_by_label("How quickly are calls answered?");
    type_into(&mut harness, "Calls", "90000");
    click(&mut harness, "Send the burst");
    harness.get_by_label_contains("2,000 of 2,000 calls answered in 0.4 s");
    harness.get_by_label("Every call got its answer");
    harness.get_by_label_contains("How many calls took how long: half within");
}

#[test]
fn a_burst_of_which_the_end_is_lost_can_be_sent_again() {
    let send = "Send the burst";
    let mut harness = open();
    click(&mut harness, "Burst");
    harness.state_mut().is_deaf = true;
    press(&mut harness, send);
    let run = harness.state().last_run();
    let part = BurstPart { run, total: 200, took_us: vec![900], ..BurstPart::default() };
    harness.state_mut().state.bench.hear(BenchEvent::Burst(part));
    harness.run_steps(4);
    assert!(is_grey(&harness, send), "it goes on");
    press(&mut harness, "Stop");
    assert!(is_grey(&harness, send), "calls are still answered");
    harness.state_mut().state.failures += 1;
    harness.run_steps(4);
    harness.get_by_label_contains("if nothing more comes, send it again");
    harness.state_mut().is_deaf = false;
    press(&mut harness, send);
    harness.get_by_label("Every call got its answer");
}

#[test]
fn problems_of_the_draft_lead_to_their_rule() {
    let mut harness = open();
    let mut problem = Problem::new("rules[0]", "Rule “Block list”", "Choose a list of callers");
    problem.rule = Some("block".into());
    harness.state_mut().problems = vec![problem];
    click(&mut harness, "Withheld");
    click(&mut harness, "Draft");
    harness.get_by_label("Choose a list of callers");
    click(&mut harness, "Open Rule “Block list”");
    let last = harness.state().actions.last();
    assert!(matches!(last, Some(Action::OpenRule(rule)) if rule == "block"), "{last:?}");
}

#[test]
fn a_real_request_through_the_public_address_is_compared_with_the_own_port() {
    let button = "Send through the public address too";
    let mut harness = open();
    click(&mut harness, "Withheld");
    assert!(harness.query_by_label(button).is_none(), "where there is no public address");
    let proof = |health| Proof {
        health: Some(health),
        at: Some("https://calls.example.com".parse().unwrap()),
        ..Proof::default()
    };
    *harness.state_mut().state.proof = proof(Health::Tunnel("The tunnel is down; start it".into()));
    harness.run();
    harness.get_by_label_contains("The tunnel is down; start it");
    assert!(harness.get_by_role_and_label(Role::Button, button).accesskit_node().is_disabled());
    *harness.state_mut().state.proof = proof(Health::Good);
    harness.run();
    click(&mut harness, button);
    harness.get_by_label("Agrees with the result above");
    harness.get_by_label("Agrees with the straight answer");
    harness.get_by_label("https://calls.example.com/webhook/inbound");
    harness.state_mut().real_answer = "{}".into();
    click(&mut harness, button);
    harness.get_by_label("Status 502");
    harness.get_by_label("It was not answered as a call");
    let bodies = harness.state().actions.iter().filter_map(|action| match action {
        Action::Send(Command::SendSigned(body) | Command::SendPublic(body)) => Some(body),
        _ => None,
    });
    let different: std::collections::BTreeSet<_> = bodies.collect();
    assert!(different.len() >= 2, "each is a call of its own");
    support::save_picture(&mut harness, "try-public");
}

#[test]
fn a_real_request_agrees_or_says_where_it_differs() {
    let mut harness = open();
    click(&mut harness, "Withheld");
    let send = |harness: &mut Harness<'static, World>| {
        harness.get_by_role_and_label(Role::Button, "Send for real").click();
        harness.run();
    };
    send(&mut harness);
    harness.get_by_label("Status 200");
    harness.get_by_label("Agrees with the result above");
    harness.state_mut().real_answer = r#"{"call_inbound":{}}"#.into();
    harness.state_mut().state.now += chrono::TimeDelta::seconds(1);
    send(&mut harness);
    harness.get_by_label("Differs from the result above");
    harness.get_by_label_contains("call_inbound.override_agent_id is missing");
    click(&mut harness, "Draft");
    harness.get_by_label_contains("Real requests are decided by the live table, now");
}

#[test]
fn a_real_request_of_which_the_answer_is_lost_can_be_sent_again() {
    let send = "Send for real";
    let mut harness = open();
    click(&mut harness, "Withheld");
    harness.state_mut().is_deaf = true;
    press(&mut harness, send);
    harness.state_mut().is_deaf = false;
    harness.run_steps(4);
    assert!(is_grey(&harness, send), "an answer is waited for");
    harness.state_mut().state.failures += 1;
    harness.run_steps(4);
    harness.get_by_label_contains("the answer may be lost; send it again");
    press(&mut harness, send);
    harness.get_by_label("Status 200");
    assert!(!is_grey(&harness, send));
    assert!(harness.query_by_label_contains("the answer may be lost").is_none());
}

#[test]
fn a_real_request_needs_a_key_and_a_port() {
    let mut state = empty_state();
    state.keys.current = None;
    let mut harness = window(state, [1400.0, 1800.0], Theme::Light);
    click(&mut harness, "Withheld");
    harness.get_by_label_contains("No API key is set");
    let addr = "127.0.0.1:8787".parse().unwrap();
    let world = harness.state_mut();
    world.state.keys.current = Some("key_…b3f".into());
    world.state.serving = Serving::Blocked { addr, reason: "Port 8787 is taken".into(), free_port: None };
    harness.run();
    harness.get_by_label("Port 8787 is taken");
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let name = |what: &str| format!("try-{what}-{look}");
        let mut harness = window(full_state(), size, theme);
        support::save_more(&mut harness, &name("empty"));
        harness.state_mut().screen.load_payload(REQUEST, None);
        harness.run();
        support::save_picture(&mut harness, &name("full"));
        click(&mut harness, "Side by side");
        support::save_picture(&mut harness, &name("both"));
        click(&mut harness, "Live v12");
        click(&mut harness, "Choose a caller");
        support::save_more(&mut harness, &name("callers"));
        harness.key_press(Key::Escape);
        harness.run();
        harness.state_mut().screen.load_files(vec!["/calls".into()]);
        harness.run();
        support::save_picture(&mut harness, &name("files"));
        click(&mut harness, "Signature");
        type_into(&mut harness, "Signature", "v=1785600000000,d=3f5a");
        type_into(&mut harness, "Body", REQUEST);
        click(&mut harness, "Look into it");
        support::save_picture(&mut harness, &name("signature"));
        click(&mut harness, "Burst");
        click(&mut harness, "Send the burst");
        support::save_picture(&mut harness, &name("burst"));
        click(&mut harness, "One call");
        click(&mut harness, "Raw JSON");
        support::save_more(&mut harness, &name("json"));
        type_into(&mut harness, "Payload", "{\n  \"event\": }");
        support::save_more(&mut harness, &name("raw"));
    }
    if !support::all_pictures() {
        return;
    }
    let mut harness = window(empty_state(), [1280.0, 2000.0], Theme::Light);
    click(&mut harness, "Withheld");
    harness.get_by_role_and_label(Role::Button, "Send for real").click();
    harness.run();
    support::save_picture(&mut harness, "try-long");
    let mut problem = Problem::new("rules[0]", "Rule “Block list”", "Choose a list of callers");
    problem.rule = Some("block".into());
    let other = Problem::new("schedules[0]", "Schedule “Office hours”", "There are no hours in it. Add some");
    harness.state_mut().problems = vec![problem, other];
    harness.set_size(egui::vec2(1000.0, 640.0));
    harness.run();
    click(&mut harness, "Draft");
    support::save_picture(&mut harness, "try-problems");
}
