//! Deciding a call: rules from the top, the first that matches wins, the fallback if none does.
//! The same function serves the wire, the test bench and the command line.

use chrono::{DateTime, Utc};

use super::asked::Asked;
use super::compiled::{CompiledAction, CompiledRule, CompiledTest, Contribution};
use super::{
    Answer, By, Call, Chosen, Compiled, Decided, Decision, Facts, GroupTrace, Phase, RuleTrace, RuleVerdict,
    TestTrace,
};

/// How much is told of how a decision came about. It is the same decision either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every rule of the table.
    All,
    /// The rules that were met: those that this call could match, up to the one that decided.
    Met,
    /// Nothing.
    Nothing,
}

impl Compiled {
    /// From how many rules on the log keeps only the rules that a call met: telling of each of
    /// thousands would take longer than deciding, and fill the disk.
    const ALL_LOGGED: usize = 200;

    /// Decides a call with the facts that are known, at a time, and tells how it came about.
    #[must_use]
    pub fn decide(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Decision {
        self.decide_with(call, facts, at, Detail::All)
    }

    /// How much the log tells of decisions by this table.
    #[must_use]
    pub fn logged(&self) -> Detail {
        if self.rules.len() <= Self::ALL_LOGGED { Detail::All } else { Detail::Met }
    }

    /// The same decision, told in this much detail. Without every rule in the trace it takes only as
    /// long as the rules take that this call can match.
    #[must_use]
    pub fn decide_with(&self, call: &Call, facts: &Facts, at: DateTime<Utc>, detail: Detail) -> Decision {
        let ask = Asked::of(self, call, facts, at);
        let mut run = Run::default();
        if detail == Detail::All {
            run.trace.reserve(self.rules.len());
            for rule in &self.rules {
                run.meet_and_tell(rule, &ask);
            }
        } else {
            for place in self.index.candidates(call) {
                let rule = &self.rules[place];
                match detail {
                    Detail::Nothing => run.meet(rule, &ask),
                    Detail::All | Detail::Met => run.meet_and_tell(rule, &ask),
                }
                if run.won.is_some() {
                    break;
                }
            }
        }
        let Run { mut sum, mut notes, trace, won } = run;
        let (action, by) = if let Some((rule, action)) = won {
            (Some(action), By::Rule { id: rule.id.clone(), name: rule.name.clone() })
        } else {
            self.fallback.add_to(&mut sum, facts, &mut notes);
            (self.fallback.action.as_ref(), By::Fallback)
        };
        let (action, chosen) = action.map_or((Decided::Keep, None), |action| action.end(&ask));
        self.defaults.complete(&action, Some(call), &mut sum, facts, &mut notes);
        let untold = self.rules.len() - trace.len();
        let Contribution { variables, metadata, agent_settings, tell, .. } = sum;
        Decision { action, by, chosen, variables, metadata, agent_settings, tell, trace, untold, notes }
    }

    /// What the fallback alone gives, for when something broke before or while deciding.
    #[must_use]
    pub fn fall_back(&self, facts: &Facts, reason: impl Into<String>) -> Decision {
        let mut sum = Contribution::default();
        let mut notes = Vec::new();
        let action = self.end_with_fallback(&mut sum, facts, &mut notes);
        self.defaults.complete(&action, None, &mut sum, facts, &mut notes);
        let Contribution { variables, metadata, agent_settings, tell, .. } = sum;
        Decision {
            action,
            by: By::Trouble(reason.into()),
            chosen: None,
            variables,
            metadata,
            agent_settings,
            tell,
            trace: Vec::new(),
            untold: 0,
            notes,
        }
    }

    /// The fallback's part, where no choice can be made: what broke may be the choice itself.
    pub(super) fn end_with_fallback(
        &self,
        sum: &mut Contribution,
        facts: &Facts,
        notes: &mut Vec<String>,
    ) -> Decided {
        self.fallback.add_to(sum, facts, notes);
        self.fallback.action.as_ref().map_or(Decided::Keep, CompiledAction::likeliest)
    }
}

impl CompiledAction {
    /// Who answers, and why, where it is one of several.
    fn end(&self, ask: &Asked<'_>) -> (Decided, Option<Chosen>) {
        match self {
            Self::Fixed(action) => (action.clone(), None),
            Self::Share { choice, agents, likeliest } => {
                let pick = choice.pick(ask.call, ask.facts, ask.at);
                (agents.get(pick.place).unwrap_or(likeliest).clone(), Some(pick.chosen))
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

/// What came of the rules so far.
#[derive(Default)]
struct Run<'a> {
    sum: Contribution,
    notes: Vec<String>,
    trace: Vec<RuleTrace>,
    won: Option<(&'a CompiledRule, &'a CompiledAction)>,
}

impl<'a> Run<'a> {
    fn meet(&mut self, rule: &'a CompiledRule, ask: &Asked<'_>) {
        if matches(rule, ask) {
            self.apply(rule, ask.facts);
        }
    }

    fn meet_and_tell(&mut self, rule: &'a CompiledRule, ask: &Asked<'_>) {
        let mut groups = Vec::new();
        let mut why = String::new();
        let verdict = if self.won.is_some() {
            RuleVerdict::NotReached
        } else if !rule.enabled {
            RuleVerdict::Off
        } else if let Some((phase, words)) = rule.period.keeps_out(ask.at) {
            why = words;
            if phase == Phase::NotYet { RuleVerdict::NotYet } else { RuleVerdict::Expired }
        } else {
            groups = test_all(&rule.when, ask);
            if groups.iter().all(|group| group.answer == Answer::Yes) {
                self.apply(rule, ask.facts)
            } else {
                RuleVerdict::NoMatch
            }
        };
        self.trace.push(RuleTrace { id: rule.id.clone(), name: rule.name.clone(), verdict, why, groups });
    }

    fn apply(&mut self, rule: &'a CompiledRule, facts: &Facts) -> RuleVerdict {
        rule.then.add_to(&mut self.sum, facts, &mut self.notes);
        match &rule.then.action {
            Some(action) => {
                self.won = Some((rule, action));
                RuleVerdict::Won
            }
            None => RuleVerdict::Added,
        }
    }
}

fn matches(rule: &CompiledRule, ask: &Asked<'_>) -> bool {
    let is_on = rule.enabled && rule.period.phase(ask.at) == Phase::Now;
    is_on && rule.when.iter().all(|group| group.iter().any(|test| holds(test, ask)))
}

fn holds(test: &CompiledTest, ask: &Asked<'_>) -> bool {
    ask.answer(test) == Answer::Yes
}

fn test_all(when: &[Vec<CompiledTest>], ask: &Asked<'_>) -> Vec<GroupTrace> {
    when.iter()
        .map(|group| {
            let tests: Vec<_> = group.iter().map(|test| test_one(test, ask)).collect();
            GroupTrace { answer: any(tests.iter().map(|test| test.answer)), tests }
        })
        .collect()
}

fn test_one(test: &CompiledTest, ask: &Asked<'_>) -> TestTrace {
    let verdict = test.condition.test(ask.call, ask.facts, ask.at);
    TestTrace {
        words: test.condition.words(test.not).to_string(),
        answer: if test.not { verdict.answer.negate() } else { verdict.answer },
        why: verdict.why,
    }
}

/// What is known of a group of which one has to hold.
pub(super) fn any(answers: impl Iterator<Item = Answer>) -> Answer {
    answers.fold(Answer::No, |so_far, answer| match (so_far, answer) {
        (Answer::Yes, _) | (_, Answer::Yes) => Answer::Yes,
        (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
        (Answer::No, Answer::No) => Answer::No,
    })
}
