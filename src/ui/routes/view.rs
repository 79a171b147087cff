//! What the list shows of each rule: derived from the draft, and made anew only when another
//! draft takes its place.

use std::sync::Arc;

use serde_json::Value;

use crate::routing::{
    Action, Outcome, Period, Rule, Share, Sharer, Table, Test, Vocabulary, settings_words, variable,
};
use crate::ui::app::State;
use crate::ui::widgets::{OutcomeKind, safe_text};

/// What is shown of a draft.
#[derive(Default)]
pub(super) struct View {
    of: Option<Arc<Table>>,
    pub(super) rules: Vec<RuleView>,
    pub(super) fallback: OutcomeView,
    /// What agents need and all other calls surely do not set, in sentences.
    pub(super) fallback_unset: Vec<String>,
}

/// What is shown of a rule.
pub(super) struct RuleView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) note: String,
    pub(super) enabled: bool,
    /// From when until when it takes part.
    pub(super) period: Period,
    /// What is wrong with that.
    pub(super) period_problem: Option<String>,
    /// All groups must hold; of a group, one.
    pub(super) when: Vec<Vec<ConditionView>>,
    pub(super) then: OutcomeView,
    /// What its agents need and surely nothing sets, in sentences.
    pub(super) unset: Vec<String>,
    /// The rule as one sentence, for screen readers and for the search.
    pub(super) sentence: String,
    /// What the search looks through, in small letters.
    haystack: String,
    /// For each line of the table, whether calls to it can match.
    meets_line: Vec<bool>,
}

/// One condition in words, and what is wrong with it.
pub(super) struct ConditionView {
    /// In parts; those marked `true` are names and values.
    pub(super) words: Vec<(String, bool)>,
    pub(super) problem: Option<String>,
}

/// What happens, in words.
#[derive(Default)]
pub(super) struct OutcomeView {
    pub(super) kind: OutcomeKindOr,
    /// "version 3 · 2 variables"; may be empty.
    pub(super) detail: String,
}

/// Who answers.
#[derive(Default)]
pub(super) enum OutcomeKindOr {
    /// An agent of the table: id and name.
    Agent(String, String),
    /// Several agents of the table.
    Agents {
        /// Id and what is shown: "Ada 70%".
        agents: Vec<(String, String)>,
        /// All of them in words.
        words: String,
    },
    /// No agent is chosen, or it is not in the table.
    NoAgent,
    /// Agents share calls in a way that cannot work yet.
    Unfinished,
    /// Nothing that needs an agent.
    Other(OutcomeKind),
    #[default]
    Unset,
}

impl View {
    /// Makes it fit the draft of `state`.
    pub(super) fn update(&mut self, state: &State) {
        self.update_to(&state.draft, &*state.registry);
    }

    /// Makes it fit any table.
    pub(super) fn update_to(&mut self, of: &Arc<Table>, vocabulary: &dyn Vocabulary) {
        if self.of.as_ref().is_some_and(|known| Arc::ptr_eq(known, of)) {
            return;
        }
        let table = &**of;
        let mut unset = variable::surely_unset(table)
            .into_iter()
            .map(|unset| unset.iter().map(variable::Unset::words).collect::<Vec<_>>());
        let view = |rule| {
            let unset = unset.next().unwrap_or_default();
            RuleView { unset, ..RuleView::new(rule, table, vocabulary) }
        };
        self.rules = table.rules.iter().map(view).collect();
        self.fallback_unset = unset.next().unwrap_or_default();
        self.fallback = OutcomeView::new(&table.fallback, "", table, vocabulary);
        self.of = Some(Arc::clone(of));
    }
}

impl RuleView {
    fn new(rule: &Rule, table: &Table, vocabulary: &dyn Vocabulary) -> Self {
        let when: Vec<Vec<_>> = rule
            .when
            .iter()
            .map(|group| group.any_of.iter().map(|test| condition(test, table, vocabulary)).collect())
            .collect();
        let then = OutcomeView::new(&rule.then, &rule.id, table, vocabulary);
        let name = safe_text(&rule.name).into_owned();
        let note = safe_text(&rule.note).into_owned();
        let (period, wrong) = Period::of(rule, table.time_zone());
        let mut asked = conditions_words(&when);
        if period != Period::default() {
            asked = format!("{asked} {}", period.words());
        }
        let sentence = format!("{asked} → {}", then.words());
        Self {
            haystack: format!("{name} {note} {sentence}").to_lowercase(),
            id: rule.id.clone(),
            meets_line: table.lines.iter().map(|line| may_meet_line(rule, &line.id, table)).collect(),
            enabled: rule.enabled,
            period,
            period_problem: wrong.into_iter().next().map(|(_, message)| message),
            name,
            note,
            when,
            then,
            unset: Vec::new(),
            sentence,
        }
    }

    /// Whether it holds all of `words` (in small letters), and calls to `line` can match it.
    pub(super) fn is_found(&self, words: &str, line: Option<usize>) -> bool {
        words.split_whitespace().all(|word| self.haystack.contains(word))
            && line.is_none_or(|line| self.meets_line.get(line).copied().unwrap_or(true))
    }
}

impl ConditionView {
    fn sentence(&self) -> String {
        self.words.iter().map(|(words, _)| words.as_str()).collect()
    }
}

impl OutcomeKindOr {
    fn of_share(share: &Share, table: &Table) -> Self {
        let shown = |Sharer { agent, version, percent }: &Sharer| {
            let agent = table.agent(agent)?;
            let version = version.as_ref().map(|version| format!(" (version {version})"));
            let percent = percent.map(|percent| format!(" {percent}%"));
            let name = safe_text(&agent.name);
            let label = format!("{name}{}{}", version.unwrap_or_default(), percent.unwrap_or_default());
            Some((agent.id.clone(), label))
        };
        let agents: Option<Vec<_>> = share.agents.iter().map(shown).collect();
        agents.map_or(Self::NoAgent, |agents| {
            let words = agents.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(", ");
            Self::Agents { agents, words }
        })
    }
}

impl OutcomeView {
    fn new(outcome: &Outcome, rule: &str, table: &Table, vocabulary: &dyn Vocabulary) -> Self {
        let mut details = Vec::new();
        let kind = match &outcome.action {
            Action::Connect { agent, version } => {
                details.extend(version.as_ref().map(|version| format!("version {version}")));
                table.agent(agent).map_or(OutcomeKindOr::NoAgent, |agent| {
                    OutcomeKindOr::Agent(agent.id.clone(), safe_text(&agent.name).into_owned())
                })
            }
            Action::Share(share) => match vocabulary.choice(share, rule, table) {
                Ok(choice) => {
                    details.push(choice.words().to_string());
                    OutcomeKindOr::of_share(share, table)
                }
                Err(_) => OutcomeKindOr::Unfinished,
            },
            Action::Keep => OutcomeKindOr::Other(OutcomeKind::Keep),
            Action::Reject => OutcomeKindOr::Other(OutcomeKind::Reject),
            Action::GoOn => OutcomeKindOr::Other(OutcomeKind::GoOn),
        };
        match outcome.variables.len() {
            0 => {}
            1 => details.push("1 variable".to_owned()),
            n => details.push(format!("{n} variables")),
        }
        if let Some(settings) = &outcome.agent_settings {
            details.push(match settings_words(settings).as_slice() {
                [one] => safe_text(one).into_owned(),
                several => format!("{} agent settings", several.len()),
            });
        }
        Self { kind, detail: details.join(" · ") }
    }

    /// What happens, in a few words.
    pub(super) fn words(&self) -> &str {
        match &self.kind {
            OutcomeKindOr::Agent(_, name) => name,
            OutcomeKindOr::Agents { words, .. } => words,
            OutcomeKindOr::NoAgent => "no agent is chosen",
            OutcomeKindOr::Unfinished => "unfinished share",
            OutcomeKindOr::Other(kind) => outcome_words(*kind),
            OutcomeKindOr::Unset => "",
        }
    }
}

/// What an outcome does, as it stands behind the arrow.
pub(super) fn outcome_words(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Connect => "Connect an agent",
        OutcomeKind::Share => "Share among agents",
        OutcomeKind::Keep => "Keep the line's own agent",
        OutcomeKind::Reject => "Reject",
        OutcomeKind::GoOn => "Add and go on",
    }
}

fn condition(test: &Test, table: &Table, vocabulary: &dyn Vocabulary) -> ConditionView {
    match vocabulary.condition(test, table) {
        Ok(condition) => {
            let words = condition.words(test.not);
            let safe = |(words, strong): &(String, bool)| (safe_text(words).into_owned(), *strong);
            ConditionView { words: words.parts().iter().map(safe).collect(), problem: None }
        }
        Err(problem) => {
            ConditionView { words: vec![("unfinished".to_owned(), false)], problem: Some(problem) }
        }
    }
}

fn conditions_words(when: &[Vec<ConditionView>]) -> String {
    if when.is_empty() {
        return "any call".to_owned();
    }
    let group = |group: &Vec<ConditionView>| {
        group.iter().map(ConditionView::sentence).collect::<Vec<_>>().join(" or ")
    };
    when.iter().map(group).collect::<Vec<_>>().join(" and ")
}

/// Whether a call to the line can match, as far as conditions that name lines tell.
fn may_meet_line(rule: &Rule, line: &str, table: &Table) -> bool {
    let excludes = |test: &Test| {
        let names_lines = table.lines.iter().any(|line| mentions(&test.settings, &line.id));
        names_lines && mentions(&test.settings, line) == test.not
    };
    rule.when.iter().all(|group| group.any_of.is_empty() || !group.any_of.iter().all(excludes))
}

/// Whether this text stands somewhere in the settings of a condition.
pub(super) fn mentions(settings: &Value, text: &str) -> bool {
    match settings {
        Value::String(held) => held == text,
        Value::Array(items) => items.iter().any(|item| mentions(item, text)),
        Value::Object(fields) => fields.values().any(|field| mentions(field, text)),
        _ => false,
    }
}
