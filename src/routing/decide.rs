//! Deciding a call: rules from the top, the first that matches wins, the fallback if none does.
//! The same function serves the wire, the test bench and the command line.

use chrono::{DateTime, Utc};

use super::compile::{CompiledOutcome, CompiledRule, CompiledTest, Contribution};
use super::{
    Answer, By, Call, Compiled, Decided, Decision, Facts, GroupTrace, Phase, RuleTrace, RuleVerdict,
    TestTrace,
};

impl Compiled {
    /// Decides a call with the facts that are known, at a time, and tells how it came about.
    #[must_use]
    pub fn decide(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Decision {
        let mut sum = Contribution::default();
        let mut notes = Vec::new();
        let mut trace = Vec::with_capacity(self.rules.len());
        let mut won: Option<(&CompiledRule, Decided)> = None;
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
                    Self::apply(rule, &mut won, &mut sum, facts, &mut notes)
                } else {
                    RuleVerdict::NoMatch
                }
            };
            trace.push(RuleTrace { id: rule.id.clone(), name: rule.name.clone(), verdict, why, groups });
        }
        let (action, by) = match won {
            Some((rule, action)) => (action, By::Rule { id: rule.id.clone(), name: rule.name.clone() }),
            None => (self.end_with_fallback(&mut sum, facts, &mut notes), By::Fallback),
        };
        self.defaults.complete(&action, Some(call), &mut sum, facts, &mut notes);
        let Contribution { variables, metadata, agent_settings, .. } = sum;
        Decision { action, by, variables, metadata, agent_settings, trace, notes }
    }

    /// What the fallback alone gives, for when something broke before or while deciding.
    #[must_use]
    pub fn fall_back(&self, facts: &Facts, reason: impl Into<String>) -> Decision {
        let mut sum = Contribution::default();
        let mut notes = Vec::new();
        let action = self.end_with_fallback(&mut sum, facts, &mut notes);
        self.defaults.complete(&action, None, &mut sum, facts, &mut notes);
        let Contribution { variables, metadata, agent_settings, .. } = sum;
        Decision {
            action,
            by: By::Trouble(reason.into()),
            variables,
            metadata,
            agent_settings,
            trace: Vec::new(),
            notes,
        }
    }

    fn apply<'a>(
        rule: &'a CompiledRule,
        won: &mut Option<(&'a CompiledRule, Decided)>,
        sum: &mut Contribution,
        facts: &Facts,
        notes: &mut Vec<String>,
    ) -> RuleVerdict {
        rule.then.add_to(sum, facts, notes);
        match &rule.then.action {
            Some(action) => {
                *won = Some((rule, action.clone()));
                RuleVerdict::Won
            }
            None => RuleVerdict::Added,
        }
    }

    fn end_with_fallback(&self, sum: &mut Contribution, facts: &Facts, notes: &mut Vec<String>) -> Decided {
        let CompiledOutcome { action, .. } = &self.fallback;
        self.fallback.add_to(sum, facts, notes);
        action.clone().unwrap_or(Decided::Keep)
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
