//! What Retell says of a line or an agent, beneath its row.

use crate::routing::{Agent, Line, Table};
use crate::service::account::Account;
use crate::ui::widgets::Level;

/// What is said, and how grave it is.
pub(super) struct Said {
    pub(super) level: Level,
    pub(super) words: String,
}

/// What a line does while this computer is off, and who is asked about its calls.
pub(super) fn of_line(line: &Line, account: &Account, table: &Table) -> Said {
    let Some(number) = account.number(&line.number) else {
        let words = "Not among your numbers at Retell; compare the number with the one there".to_owned();
        return Said { level: Level::Error, words };
    };
    let agents: Vec<&str> = number.agents.iter().map(|id| agent_name(id, account, table)).collect();
    let (mut level, off) = if agents.is_empty() {
        (Level::Warning, "While this computer is off, callers are dropped".to_owned())
    } else {
        let agents = agents.join(" or ");
        (Level::Info, format!("While this computer is off, {agents} answers; calls cannot be rejected"))
    };
    let asks = if let Some(webhook) = &number.webhook {
        format!("Retell asks {webhook}")
    } else {
        level = Level::Warning;
        "Retell asks nobody about its calls yet".to_owned()
    };
    Said { level, words: format!("{off} · {asks}") }
}

/// What keeps an agent from taking calls, if anything.
pub(super) fn of_agent(agent: &Agent, account: &Account) -> Option<Said> {
    let words = match account.agent(&agent.retell_id) {
        None => "Not among your agents at Retell; compare its agent ID with the one there",
        Some(known) if known.is_suspended => {
            "Suspended at Retell; it takes no calls until that is lifted there"
        }
        Some(_) => return None,
    };
    Some(Said { level: Level::Error, words: words.to_owned() })
}

/// The name that the owner gave it here, else the one at Retell.
fn agent_name<'a>(id: &'a str, account: &'a Account, table: &'a Table) -> &'a str {
    let here = table.agents.iter().find(|agent| agent.retell_id == id).map(|agent| agent.name.as_str());
    let there = || account.agent(id).map(|agent| agent.name.as_str()).filter(|name| !name.is_empty());
    here.or_else(there).unwrap_or("another agent")
}
