//! From a request that was read to an answer and its record: look up, decide, write the answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use fail::fail_point;

use super::live::Live;
use super::look_ups::{LookUpTrace, gather};
use super::turns::Turns;
use crate::plugins::shares::turn_fact;
use crate::retell::{Answer, Inbound, Unreadable};
use crate::routing::{By, Call, Caller, Decided, Decision, Facts, Medium, Overrides, Ruling, Value, number};
use crate::storage::call_log::{Detail, Record, Step, Summary};

/// What decides a call: the table, what stands above its rules, and the time.
#[derive(Clone)]
pub(super) struct Desk {
    /// The table.
    pub live: Arc<Live>,
    /// What may stand above its rules.
    pub overrides: Arc<Overrides>,
    /// When the call arrived, or the time it is tried for.
    pub at: DateTime<Utc>,
}

impl Desk {
    /// What rules over this call instead of the rules, if anything does.
    pub(super) fn ruling(&self, call: Option<&Call>) -> Option<Ruling<'_>> {
        self.overrides.ruling(&self.live.table, call, self.at)
    }
}

/// An answer, and everything that led to it.
pub(super) struct Made {
    /// The body, exactly as it is sent.
    pub body: Bytes,
    /// The decision.
    pub decision: Decision,
    /// What was known of the call.
    pub facts: Facts,
    /// The look-ups that were asked.
    pub look_ups: Vec<LookUpTrace>,
    call: Option<Call>,
    medium: Medium,
    line: Option<String>,
    version: u32,
    steps: Vec<Step>,
}

/// Looks up, decides and writes the answer. `door` is what is meant to arrive where this came in.
pub(super) async fn answer(
    desk: Desk,
    inbound: Result<Inbound, Unreadable>,
    door: Medium,
    budget: Duration,
    turns: Option<Turns>,
) -> Made {
    match inbound {
        Ok(inbound) => {
            let call = call_of(inbound, &desk.live.table.country);
            answer_call(&desk, call, budget, turns.as_ref()).await
        }
        Err(unreadable) => emergency(&desk, &Err(unreadable.clone()), door, unreadable.reason()),
    }
}

/// Decides a call that was understood. Only with `turns` it takes its turn where agents take turns;
/// what is tried takes none.
pub(super) async fn answer_call(desk: &Desk, call: Call, budget: Duration, turns: Option<&Turns>) -> Made {
    let call = Arc::new(call);
    let started = Instant::now();
    fail_point!("look-ups");
    let known = gather(&desk.live.look_ups, &call, desk.at, budget).await;
    decide_call(desk, call, known, started.elapsed(), turns)
}

/// Decides a call of which is known what is known; finding that out took `looked`.
pub(super) fn decide_call(
    desk: &Desk,
    call: Arc<Call>,
    (mut facts, look_ups): (Facts, Vec<LookUpTrace>),
    looked: Duration,
    turns: Option<&Turns>,
) -> Made {
    let Desk { live, at, .. } = desk;
    let at = *at;
    let looked_up = Instant::now();
    fail_point!("decide");
    let decide = |facts: &Facts| match desk.ruling(Some(&call)) {
        Some(ruling) => live.compiled.overrule(&ruling, facts),
        None => live.compiled.decide_with(&call, facts, at, live.compiled.logged()),
    };
    let mut decision = decide(&facts);
    while let Some((turns, turn)) = turns.zip(decision.turn()) {
        let Err(next) = turns.take(turn) else { break };
        // Another call was quicker.
        facts.set(turn_fact(&turn.of), Value::Number(next as f64));
        decision = decide(&facts);
    }
    let steps = vec![step("look-ups", looked), step("decide", looked_up.elapsed())];
    let door = call.medium;
    Made::new(live, Some(Arc::unwrap_or_clone(call)), door, decision, facts, look_ups, steps)
}

/// What the fallback gives when something broke, or what stands above the rules. Never fails, never
/// waits.
pub(super) fn emergency(
    desk: &Desk,
    inbound: &Result<Inbound, Unreadable>,
    door: Medium,
    reason: impl Into<String>,
) -> Made {
    let live = &desk.live;
    let facts = Facts::default();
    let call = inbound.as_ref().ok().cloned().map(|inbound| call_of(inbound, &live.table.country));
    let decision = match desk.ruling(call.as_ref()) {
        Some(ruling) => {
            let mut decision = live.compiled.overrule(&ruling, &facts);
            decision.notes.push(reason.into());
            decision
        }
        None => live.compiled.fall_back(&facts, reason),
    };
    Made::new(live, call, door, decision, facts, Vec::new(), Vec::new())
}

/// The answer that says nothing, so that the line's own agent takes the call.
pub(super) fn nothing(medium: Medium) -> Bytes {
    Answer { medium, ..Answer::default() }.to_bytes().bytes
}

/// The call that a request tells of. Numbers without a country code, as some telephone systems
/// send them, are taken to be of the country `home` (two letters).
#[must_use]
pub fn call_of(inbound: Inbound, home: &str) -> Call {
    let whole = |told: String| {
        if told.starts_with('+') { told } else { number::parse(&told, home).unwrap_or(told) }
    };
    Call {
        medium: inbound.medium,
        from: inbound.from.map_or(Caller::Withheld, |from| Caller::Number(whole(from))),
        to: whole(inbound.to),
        default_agent: inbound.agent_id,
        headers: inbound.headers,
    }
}

impl Made {
    fn new(
        live: &Live,
        call: Option<Call>,
        door: Medium,
        mut decision: Decision,
        facts: Facts,
        look_ups: Vec<LookUpTrace>,
        steps: Vec<Step>,
    ) -> Self {
        let medium = call.as_ref().map_or(door, |call| call.medium);
        fail_point!("write-answer");
        let written = wire_answer(&decision, medium).to_bytes();
        for left_out in written.left_out {
            decision.notes.push(format!("The answer was too large, so {left_out} was left out"));
        }
        let called = call.as_ref().and_then(|call| live.table.line_by_number(&call.to));
        Self {
            body: written.bytes,
            decision,
            facts,
            look_ups,
            line: called.map(|line| line.name.clone()),
            call,
            medium,
            version: live.version,
            steps,
        }
    }

    /// The record of this answer. The id, and how long it all took, are filled in later.
    pub(super) fn into_record(self, at_ms: i64, request: &Bytes, verify_us: u64) -> Record {
        let Self { body, decision, facts, look_ups, call, medium, line, version, steps } = self;
        let (rule_id, rule_name) = match &decision.by {
            By::Rule { id, name } => (Some(id.clone()), Some(name.clone())),
            By::Fallback | By::Override { .. } | By::Trouble(_) => (None, None),
        };
        let overruled = match &decision.by {
            By::Override { words, .. } => Some(words.clone()),
            _ => None,
        };
        let (outcome, agent, agent_id) = match &decision.action {
            Decided::Connect { name, id, .. } => ("connect", Some(name.clone()), Some(id.clone())),
            Decided::Keep => ("keep", None, None),
            Decided::Reject => ("reject", None, None),
        };
        let agent_version = match &decision.action {
            Decided::Connect { version, .. } => version.as_ref().map(ToString::to_string),
            Decided::Keep | Decided::Reject => None,
        };
        let look_up_failed = look_ups.iter().any(|trace| trace.fault.is_some());
        let caller_name = match facts.get("contact.name") {
            Some(Value::Text(name)) => Some(name.clone()),
            _ => None,
        };
        let mut all_steps = vec![Step { name: "verify".into(), took_us: verify_us, ..Step::default() }];
        all_steps.extend(steps);
        all_steps.extend(look_ups.into_iter().map(look_up_step));
        Record {
            summary: Summary {
                id: 0,
                at_ms,
                from: call.as_ref().and_then(|call| call.from.number().map(str::to_owned)),
                caller_name,
                look_up_failed,
                unreadable: call.is_none(),
                medium,
                to: call.map(|call| call.to).unwrap_or_default(),
                line,
                version,
                rule_id,
                rule_name,
                overruled,
                outcome: outcome.to_owned(),
                agent,
                agent_id,
                agent_version,
                turn: decision.turn().cloned(),
                is_test: false,
                took_us: 0,
                attempts: 1,
                fallback_used: matches!(decision.by, By::Trouble(_)),
                late: false,
            },
            detail: Detail {
                request: String::from_utf8_lossy(request).into_owned(),
                facts: to_json(&facts),
                decision: to_json(&decision),
                answer: String::from_utf8_lossy(&body).into_owned(),
                steps: all_steps,
            },
        }
    }
}

/// A look-up as a step of a record.
fn look_up_step(LookUpTrace { name, took_us, note, fault }: LookUpTrace) -> Step {
    Step { name: format!("look-up {name}"), took_us, note, fault }
}

/// The decision as Retell reads it.
fn wire_answer(decision: &Decision, medium: Medium) -> Answer {
    let (override_agent_id, override_agent_version) = match &decision.action {
        Decided::Connect { retell_id, version, .. } => (Some(retell_id.clone()), version.clone()),
        Decided::Keep => (None, None),
        // A rejected call has no agent that could be told anything.
        Decided::Reject => return Answer { medium, ..Answer::default() },
    };
    Answer {
        medium,
        override_agent_id,
        override_agent_version,
        dynamic_variables: decision.variables.clone(),
        metadata: decision.metadata.clone(),
        agent_override: decision.agent_settings.clone(),
    }
}

/// What Retell will do with a decision for this call, in a sentence.
#[must_use]
pub(super) fn effect(decision: &Decision, call: &Call) -> String {
    let has_default = call.default_agent.is_some();
    if call.medium == Medium::Text {
        return effect_on_text(decision, has_default);
    }
    match (&decision.action, has_default) {
        (Decided::Connect { name, version: Some(version), .. }, _) => {
            format!("Retell will connect {name} (version {version})")
        }
        (Decided::Connect { name, version: None, .. }, _) => format!("Retell will connect {name}"),
        (Decided::Keep, true) => "Retell will connect this line's own agent".to_owned(),
        (Decided::Keep, false) => {
            "Retell will end the call, because this line has no agent of its own at Retell".to_owned()
        }
        (Decided::Reject, false) => "Retell will end the call".to_owned(),
        (Decided::Reject, true) => {
            "Retell will connect this line's own agent, because reject cannot work while it has one"
                .to_owned()
        }
    }
}

/// The same for a text message: nothing rings, so an agent answers or nobody does.
fn effect_on_text(decision: &Decision, has_default: bool) -> String {
    match (&decision.action, has_default) {
        (Decided::Connect { name, version, .. }, _) => {
            let version = version.as_ref().map(|version| format!(" (version {version})")).unwrap_or_default();
            format!("Retell will have {name}{version} answer the text")
        }
        (Decided::Keep, true) => "Retell will have this line's own agent answer the text".to_owned(),
        (Decided::Keep, false) => {
            "Nobody answers the text, because this line has no agent of its own for texts at Retell"
                .to_owned()
        }
        (Decided::Reject, false) => "Nobody answers the text".to_owned(),
        (Decided::Reject, true) => "Retell will have this line's own agent answer the text, because reject \
             cannot work while it has one"
            .to_owned(),
    }
}

fn step(name: &str, took: Duration) -> Step {
    Step { name: name.to_owned(), took_us: took.as_micros() as u64, ..Step::default() }
}

fn to_json(value: &impl serde::Serialize) -> serde_json::Value {
    // These types hold only text keys and finite numbers, so this cannot fail.
    serde_json::to_value(value).unwrap_or_default()
}
