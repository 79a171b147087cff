//! Deciding a call: rules from the top, the first that matches wins, the fallback if none does.
//! The same function serves the wire, the test bench and the command line.

use chrono::{DateTime, Utc};

use super::compile::{CompiledAction, CompiledRule, CompiledTest, Contribution};
use super::{
    Answer, By, Call, Chosen, Compiled, Decided, Decision, Facts, GroupTrace, Phase, RuleTrace, RuleVerdict,
    TestTrace,
};

impl Compiled {
    /// Decides a call with the facts that are known, at a time, and tells how it came about.
    #[must_use]
    pub fn decide(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Decision {
        let mut sum = Contribution::default();
        let mut notes = Vec::new();
        let mut trace = Vec::with_capacity(self.rules.len());
        let mut won: Option<(&CompiledRule, Ended)> = None;
        for rule in &self.rules {
            let mut groups = Vec::new();
            let mut why = String::new();
            let verdict = if won.is_some() {
                RuleVerdict::NotReached
            } else if !rule.enabled {
                RuleVerdict::Off
            } else if let Some((phase, words)) = rule.period.keeps_out(at) {
                why = words;
                if phase == Phase::NotYet { RuleVerdict::NotYet } else { RuleVerdict::Expired }
            } else {
                groups = test_all(&rule.when, call, facts, at);
                if groups.iter().all(|group| group.answer == Answer::Yes) {
                    rule.then.add_to(&mut sum, facts, &mut notes);
                    match &rule.then.action {
                        Some(action) => {
                            won = Some((rule, action.end(call, facts, at)));
                            RuleVerdict::Won
                        }
                        None => RuleVerdict::Added,
                    }
                } else {
                    RuleVerdict::NoMatch
                }
            };
            trace.push(RuleTrace { id: rule.id.clone(), name: rule.name.clone(), verdict, why, groups });
        }
        let (Ended { action, chosen }, by) = match won {
            Some((rule, ended)) => (ended, By::Rule { id: rule.id.clone(), name: rule.name.clone() }),
            None => {
                self.fallback.add_to(&mut sum, facts, &mut notes);
                let ended = self.fallback.action.as_ref().map(|action| action.end(call, facts, at));
                (ended.unwrap_or_default(), By::Fallback)
            }
        };
        let Contribution { variables, metadata, agent_settings } = sum;
        Decision { action, by, chosen, variables, metadata, agent_settings, trace, notes }
    }

    /// What the fallback alone gives, for when something broke before or while deciding.
    #[must_use]
    pub fn fall_back(&self, facts: &Facts, reason: impl Into<String>) -> Decision {
        let mut sum = Contribution::default();
        let mut notes = Vec::new();
        self.fallback.add_to(&mut sum, facts, &mut notes);
        // What broke may be the choice itself, so none is made.
        let action = self.fallback.action.as_ref().map_or(Decided::Keep, CompiledAction::likeliest);
        let Contribution { variables, metadata, agent_settings } = sum;
        Decision {
            action,
            by: By::Trouble(reason.into()),
            chosen: None,
            variables,
            metadata,
            agent_settings,
            trace: Vec::new(),
            notes,
        }
    }
}

/// Who answers, and why, where it is one of several.
struct Ended {
    action: Decided,
    chosen: Option<Chosen>,
}

impl Default for Ended {
    fn default() -> Self {
        Self { action: Decided::Keep, chosen: None }
    }
}

impl CompiledAction {
    fn end(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Ended {
        match self {
            Self::Fixed(action) => Ended { action: action.clone(), chosen: None },
            Self::Share { choice, agents, .. } => {
                let pick = choice.pick(call, facts, at);
                let action = agents.get(pick.place).or(agents.first());
                Ended { action: action.cloned().unwrap_or(Decided::Keep), chosen: Some(pick.chosen) }
            }
        }
    }

    /// Who answers when no choice can be made: the agent with the largest share.
    fn likeliest(&self) -> Decided {
        match self {
            Self::Fixed(action) => action.clone(),
            Self::Share { likeliest, .. } => likeliest.clone(),
        }
    }
}

fn test_all(when: &[Vec<CompiledTest>], call: &Call, facts: &Facts, at: DateTime<Utc>) -> Vec<GroupTrace> {
    when.iter()
        .map(|group| {
            let tests: Vec<_> = group.iter().map(|test| test_one(test, call, facts, at)).collect();
            GroupTrace { answer: any(&tests), tests }
        })
        .collect()
}

fn test_one(test: &CompiledTest, call: &Call, facts: &Facts, at: DateTime<Utc>) -> TestTrace {
    let verdict = test.condition.test(call, facts, at);
    TestTrace {
        words: test.condition.words(test.not).to_string(),
        answer: if test.not { verdict.answer.negate() } else { verdict.answer },
        why: verdict.why,
    }
}

fn any(tests: &[TestTrace]) -> Answer {
    let has = |answer| tests.iter().any(|test| test.answer == answer);
    match (has(Answer::Yes), has(Answer::Unknown)) {
        (true, _) => Answer::Yes,
        (false, true) => Answer::Unknown,
        (false, false) => Answer::No,
    }
}
