//! How a web look-up is doing, and what comes of asking its server for a test.

use std::sync::Arc;

use chrono_tz::Tz;
use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};
use tokio::time::{Instant, timeout};

use super::look_up::{Heard, Last, PATIENCE, Says, State, WebLookUp, paused_words};
use super::request::{Filled, Prepared, Unfilled};
use super::settings::Settings;
use crate::plugins::{Ask, Health, Host, Inspection, Look, Tested, settings as reading};
use crate::routing::{Facts, capital};

/// The most of an answer that is shown word for word, in characters.
const SHOWN: usize = 20_000;

/// Looks at a web look-up; `state` is what is known from the calls it was asked for.
pub(super) fn inspect(
    Look { used, table, test }: Look<'_>,
    host: &Host,
    state: Option<&State>,
) -> BoxFuture<'static, Inspection> {
    let opened = reading::read(&used.settings).and_then(|settings: Settings| {
        let prepared = Prepared::of(&settings)?;
        let own = Arc::new(State::new(&settings));
        Ok((WebLookUp::open(used, &settings, table, host, own)?, prepared, settings))
    });
    let (look_up, prepared, settings) = match opened {
        Ok(opened) => opened,
        Err(reason) => return future::ready(Inspection::of(Health::Bad, reason)).boxed(),
    };
    let zone = table.time_zone();
    let known = how(&prepared, host, state, zone);
    let Some(ask) = test.cloned() else { return future::ready(known).boxed() };
    async move {
        let limit_ms = settings.time_limit_ms;
        let tried = try_it(&look_up, ask, limit_ms).await;
        Inspection { test: Some(tried), ..known }
    }
    .boxed()
}

/// How it is doing, as the last calls tell.
fn how(prepared: &Prepared, host: &Host, state: Option<&State>, zone: Tz) -> Inspection {
    if let Some(lack) = prepared.lack(&host.secrets) {
        return Inspection::of(Health::Bad, capital(&lack));
    }
    if let Some(paused) = state.and_then(State::paused) {
        return Inspection::of(Health::Bad, capital(&paused_words(&paused)));
    }
    match state.and_then(State::last) {
        None => Inspection::of(Health::Unknown, "No call has asked it like this yet"),
        Some(Last { at, came }) => {
            let when = at.with_timezone(&zone).format("%-d %B, %H:%M");
            match came {
                Ok(took) => {
                    let words = format!("Its last answer came after {} ms, on {when}", took.as_millis());
                    Inspection::of(Health::Good, words)
                }
                Err(why) => Inspection::of(
                    Health::Attention,
                    format!("The last call that asked it, on {when}, got no answer: {why}"),
                ),
            }
        }
    }
}

async fn try_it(look_up: &WebLookUp, ask: Ask, limit_ms: u64) -> Tested {
    let started = Instant::now();
    let call = ask.call.as_ref().clone();
    let mut tested =
        Tested { call, facts: Ok(Facts::default()), took_ms: 0.0, detail: String::new(), answer: None };
    let filled = match look_up.fill(&ask) {
        Ok(filled) => filled,
        Err(Unfilled::Nothing(why)) => {
            tested.detail = format!("Nothing was sent, as {why}");
            tested.facts = Ok(look_up.of_nothing(&why));
            return tested;
        }
        Err(Unfilled::Bad(why)) => {
            tested.facts = Err(capital(&why));
            return tested;
        }
    };
    tested.detail = filled.shown.clone();
    let heard = hear(look_up, filled).await;
    tested.took_ms = started.elapsed().as_secs_f64() * 1000.0;
    match heard {
        Err(why) => tested.facts = Err(capital(&why)),
        Ok(Heard { status, text, says }) => {
            let shown: String = text.chars().take(SHOWN).collect();
            tested.detail = format!("{}\n\n{status}\n{shown}", tested.detail);
            match says {
                Err(why) => tested.facts = Err(capital(&why)),
                Ok(says) => {
                    let (facts, note) = look_up.facts(&says);
                    if let Some(note) = note {
                        tested.detail = format!("{}\n\n{}", capital(&note), tested.detail);
                    }
                    tested.facts = Ok(facts);
                    tested.answer = match says {
                        Says::Json(json) => Some(json),
                        Says::Nothing(_) => None,
                    };
                }
            }
        }
    }
    if tested.took_ms > limit_ms as f64 && tested.facts.is_ok() {
        tested.facts = Err(format!(
            "The server answered, but only after {:.1} s, and calls wait {:.1} s; give it more time, or have answers remembered",
            tested.took_ms / 1000.0,
            limit_ms as f64 / 1000.0
        ));
    }
    tested
}

async fn hear(look_up: &WebLookUp, filled: Filled) -> Result<Heard, String> {
    let heard = timeout(PATIENCE, look_up.hear(filled)).await;
    heard.unwrap_or_else(|_| Err(format!("it did not answer within {} s", PATIENCE.as_secs())))
}
