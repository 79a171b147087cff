//! Asks all look-ups at once, each with a deadline. What is late or broken leaves its facts
//! missing and says so; nothing here can fail.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use crate::plugins::{Ask, Fault, Found, OpenLookUp};
use crate::routing::{Call, Facts};

/// How long all look-ups together may take.
pub const BUDGET: Duration = Duration::from_millis(1500);

/// What came of one look-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LookUpTrace {
    /// The plugin's name.
    pub name: String,
    /// How long it took, in microseconds.
    pub took_us: u64,
    /// How it came by its facts, where that is worth telling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What went wrong, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// What those look-ups tell of a call that tell the same at any time. Asks nobody else.
pub(super) fn known_again(look_ups: &[OpenLookUp], ask: &Ask) -> Facts {
    let mut facts = Facts::default();
    for opened in look_ups.iter().filter(|opened| opened.look_up.is_repeatable()) {
        // One that has to wait is not repeatable, whatever it says; its facts are missing.
        if let Some(Ok(found)) = opened.look_up.ask(ask.clone()).now_or_never() {
            facts.merge(found);
        }
    }
    facts
}

/// Asks all look-ups about a call. Facts of later plugins win over those of earlier ones.
pub(super) async fn gather(
    look_ups: &[OpenLookUp],
    call: &Arc<Call>,
    at: DateTime<Utc>,
    budget: Duration,
) -> (Facts, Vec<LookUpTrace>) {
    let mut facts = Facts::default();
    let mut traces = Vec::with_capacity(look_ups.len());
    for (found, trace) in gather_each(look_ups, call, at, budget).await {
        facts.merge(found);
        traces.push(trace);
    }
    (facts, traces)
}

/// The same, with what each of them gave.
pub(super) async fn gather_each(
    look_ups: &[OpenLookUp],
    call: &Arc<Call>,
    at: DateTime<Utc>,
    budget: Duration,
) -> Vec<(Facts, LookUpTrace)> {
    let until = Instant::now() + budget;
    join_all(look_ups.iter().map(|opened| ask_one(opened, call, at, until, budget))).await
}

async fn ask_one(
    OpenLookUp { name, look_up, gives }: &OpenLookUp,
    call: &Arc<Call>,
    at: DateTime<Utc>,
    until: Instant,
    budget: Duration,
) -> (Facts, LookUpTrace) {
    let started = Instant::now();
    let ask = Ask { call: call.clone(), at };
    let asked = look_up.clone();
    // A task of its own: a look-up that panics or blocks a thread takes down only itself.
    let mut task = tokio::spawn(async move { asked.find(ask).await });
    let answer = match timeout_at(until, &mut task).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_panic)) => {
            Err(Fault::Broken { name: name.clone(), reason: "it stopped unexpectedly".to_owned() })
        }
        Err(_late) => {
            task.abort();
            Err(Fault::Late { name: name.clone(), after_ms: budget.as_millis() as u64 })
        }
    };
    let took_us = started.elapsed().as_micros() as u64;
    let (Found { facts, note }, fault) = match answer {
        Ok(found) => (found, None),
        Err(fault) => {
            let mut facts = missing(gives, &fault);
            facts.merge(look_up.instead());
            (facts.into(), Some(fault.to_string()))
        }
    };
    (facts, LookUpTrace { name: name.clone(), took_us, note, fault })
}

/// What is known after a fault: why nothing is.
fn missing(gives: &[String], fault: &Fault) -> Facts {
    all_missing(gives, &fault.to_string())
}

/// None of these facts is known, for this reason.
pub(super) fn all_missing(gives: &[String], why: &str) -> Facts {
    let mut facts = Facts::default();
    for name in gives {
        facts.set_missing(name, why);
    }
    facts
}

#[cfg(test)]
mod tests {
    use futures_util::future::BoxFuture;

    use super::*;
    use crate::plugins::LookUp;
    use crate::routing::{Caller, Value};

    enum Fake {
        Good,
        Hangs,
        Panics,
    }

    impl LookUp for Fake {
        fn ask(&self, _: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
            match self {
                Self::Good => Box::pin(async {
                    let mut facts = Facts::default();
                    facts.set("crm.vip", Value::YesNo(true));
                    Ok(facts)
                }),
                Self::Hangs => Box::pin(std::future::pending()),
                Self::Panics => Box::pin(async { panic!("boom") }),
            }
        }
    }

    #[tokio::test]
    async fn late_and_broken_ones_cost_only_their_own_facts() {
        let call = Arc::new(Call::new(Caller::Withheld, "+14155550123"));
        let look_ups =
            [("Hangs", Fake::Hangs), ("Panics", Fake::Panics), ("Good", Fake::Good)].map(|(name, fake)| {
                OpenLookUp {
                    name: name.into(),
                    look_up: Arc::new(fake),
                    gives: vec![format!("{}.a", name.to_lowercase()), "crm.vip".to_owned()],
                }
            });
        let budget = Duration::from_millis(50);
        let (facts, traces) = gather(&look_ups, &call, DateTime::UNIX_EPOCH, budget).await;
        assert_eq!(facts.get("crm.vip"), Some(&Value::YesNo(true)));
        assert_eq!(facts.why_missing("hangs.a"), Some("Hangs did not answer within 50 ms"));
        assert_eq!(facts.why_missing("crm.vip"), None, "another look-up knows it");
        let faults: Vec<_> = traces.into_iter().map(|trace| trace.fault).collect();
        assert_eq!(
            faults,
            [
                Some("Hangs did not answer within 50 ms".to_owned()),
                Some("Panics failed: it stopped unexpectedly".to_owned()),
                None
            ]
        );
    }
}
