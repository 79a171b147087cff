//! What became different at Retell without this program having done it.

use std::collections::BTreeMap;

use super::Account;
use super::connected::ConnectedLines;
use crate::retell::account::{AccountNumber, Setting};
use crate::routing::{Line, Table};

/// What became different at Retell for the lines and agents of a table, a sentence each.
#[must_use]
pub fn drift(before: &Account, after: &Account, connected: &ConnectedLines, table: &Table) -> Vec<String> {
    let mut told = Vec::new();
    for line in &table.lines {
        match (before.number(&line.number), after.number(&line.number)) {
            (Some(_), None) => {
                told.push(format!("“{}” is no longer among your numbers at Retell", line.name));
            }
            (Some(was), Some(is)) => told.extend(of_line(line, was, is, connected)),
            (None, _) => {}
        }
    }
    let suspended = |account: &Account| -> BTreeMap<String, bool> {
        account.agents.iter().map(|agent| (agent.id.clone(), agent.is_suspended)).collect()
    };
    let (was, is) = (suspended(before), suspended(after));
    for agent in &table.agents {
        let name = &agent.name;
        match (was.get(&agent.retell_id), is.get(&agent.retell_id)) {
            (Some(_), None) => told.push(format!("“{name}” is no longer among your agents at Retell")),
            (Some(false), Some(true)) => told.push(format!("“{name}” was suspended at Retell")),
            _ => {}
        }
    }
    told
}

fn of_line(line: &Line, was: &AccountNumber, is: &AccountNumber, connected: &ConnectedLines) -> Vec<String> {
    let name = &line.name;
    let mut told = Vec::new();
    if was.agents.is_empty() != is.agents.is_empty() {
        told.push(if is.agents.is_empty() {
            format!(
                "“{name}” has lost its own agent at Retell: while this computer is off, its calls are dropped"
            )
        } else {
            format!("“{name}” has got an agent of its own at Retell: calls to it cannot be rejected any more")
        });
    }
    if was.webhook != is.webhook {
        let asks = match &is.webhook {
            Some(url) => format!("Retell now asks {url} about calls to “{name}”"),
            None => format!("Retell no longer asks anybody about calls to “{name}”"),
        };
        let was_here = connected.is_as_written(&was.number, &Setting::Webhook(was.webhook.clone()));
        told.push(if was_here {
            format!(
                "{asks}: somebody changed it there since the line was connected here; connect it again under Lines & agents"
            )
        } else {
            asks
        });
    }
    told
}
