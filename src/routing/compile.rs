//! From a table as written to a table ready to decide: names resolved, conditions compiled,
//! templates read, and everything that is wrong told at once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::agent_defaults::AgentDefaults;
use super::asked::find_shared;
use super::compiled::{Compiled, CompiledAction, CompiledOutcome, CompiledRule, CompiledTest};
use super::index::Index;
use super::{
    Action, Agent, AgentVersion, AnyOf, Condition, Decided, FORMAT, NeededVariable, Outcome, Period, Problem,
    Rule, Share, Sharer, Table, Template, Test, Vocabulary, WrongSetting, check_settings, variable,
};

/// Makes a table ready to decide, or tells everything that is wrong with it.
pub fn compile(table: &Table, vocabulary: &dyn Vocabulary) -> Result<Compiled, Vec<Problem>> {
    let mut compiler = Compiler { table, vocabulary, problems: Vec::new(), conditions: HashMap::new() };
    compiler.check_head();
    compiler.check_ids();
    compiler.problems.extend(vocabulary.check(table));
    let mut rules: Vec<_> =
        table.rules.iter().enumerate().map(|(index, rule)| compiler.rule(index, rule)).collect();
    let fallback = compiler.fallback();
    if compiler.problems.is_empty() {
        let defaults = AgentDefaults::of(table);
        let shared = find_shared(&mut rules);
        Ok(Compiled { index: Index::of(&rules), rules, shared, fallback, defaults })
    } else {
        Err(compiler.problems)
    }
}

struct Compiler<'a> {
    table: &'a Table,
    vocabulary: &'a dyn Vocabulary,
    problems: Vec<Problem>,
    /// Those of tests with settings: rules that ask the same share one.
    conditions: HashMap<(&'a str, String), Made>,
}

/// A condition, or what is wrong with its settings.
type Made = Result<Arc<dyn Condition>, String>;

/// Where in the table something stands, in both spellings.
struct Place<'a> {
    field: String,
    words: String,
    rule: Option<&'a Rule>,
}

impl<'a> Compiler<'a> {
    fn say(&mut self, place: &Place<'_>, field: &str, message: impl Into<String>) {
        let field = if field.is_empty() { place.field.clone() } else { format!("{}.{field}", place.field) };
        let mut problem = Problem::new(field, place.words.clone(), message);
        problem.rule = place.rule.map(|rule| rule.id.clone());
        self.problems.push(problem);
    }

    fn check_head(&mut self) {
        if self.table.format != FORMAT {
            self.problems.push(Problem::new(
                "format",
                "The file",
                format!(
                    "has format {}, and this program reads format {FORMAT}; update Switchboard",
                    self.table.format
                ),
            ));
        }
        if super::number::country_name(&self.table.country).is_none() {
            self.problems.push(Problem::new(
                "country",
                "Home country",
                format!(
                    "“{}” is not a country; choose one in Settings, or write two letters such as US",
                    self.table.country
                ),
            ));
        }
        if self.table.zone.parse::<chrono_tz::Tz>().is_err() {
            self.problems.push(Problem::new(
                "zone",
                "Time zone",
                format!(
                    "“{}” is not a time zone; choose one in Settings, or write one such as America/New_York",
                    self.table.zone
                ),
            ));
        }
    }

    fn check_ids(&mut self) {
        let Table { lines, agents, schedules, lists, look_ups, rules, test_cases, .. } = self.table;
        self.check_unique("lines", "Line", lines.iter().map(|line| (&*line.id, &*line.name)));
        self.check_unique("agents", "Agent", agents.iter().map(|agent| (&*agent.id, &*agent.name)));
        self.check_unique("schedules", "Schedule", schedules.iter().map(|hours| (&*hours.id, &*hours.name)));
        self.check_unique("lists", "List", lists.iter().map(|list| (&*list.id, &*list.name)));
        self.check_unique("look_ups", "Look-up", look_ups.iter().map(|used| (&*used.id, &*used.name)));
        self.check_unique("test_cases", "Test", test_cases.iter().map(|test| (&*test.id, &*test.name)));
        self.check_unique("rules", "Rule", rules.iter().map(|rule| (&*rule.id, &*rule.name)));
        let mut numbers = HashSet::new();
        for (index, line) in lines.iter().enumerate() {
            let place = format!("Line “{}”", line.name);
            if line.number.trim().is_empty() {
                let message = "has no number; write it under Lines & agents, such as +14155552671";
                self.problems.push(Problem::new(format!("lines[{index}].number"), place, message));
            } else if super::number::parse(&line.number, &self.table.country).as_deref()
                != Some(&*line.number)
            {
                self.problems.push(Problem::new(
                    format!("lines[{index}].number"),
                    place,
                    format!("“{}” is not a full phone number; write it with its country code, such as +14155552671", line.number),
                ));
            } else if !numbers.insert(&line.number) {
                self.problems.push(Problem::new(
                    format!("lines[{index}].number"),
                    place,
                    "another line has the same number; delete one of the two",
                ));
            }
        }
        for (index, agent) in agents.iter().enumerate() {
            if agent.retell_id.trim().is_empty() {
                self.problems.push(Problem::new(
                    format!("agents[{index}].retell_id"),
                    format!("Agent “{}”", agent.name),
                    "has no agent ID; copy it from the agent's page at Retell",
                ));
            }
            self.check_agent(index, agent);
        }
    }

    fn check_agent(&mut self, index: usize, agent: &Agent) {
        let mut say = |field: String, message: String| {
            let place = format!("Agent “{}”", agent.name);
            self.problems.push(Problem::new(format!("agents[{index}].{field}"), place, message));
        };
        let mut names = HashSet::new();
        for (index, NeededVariable { name, default }) in agent.needs.iter().enumerate() {
            if let Err(message) = variable::check_name(name) {
                say(format!("needs[{index}].name"), message);
            } else if !names.insert(name) {
                say(format!("needs[{index}].name"), format!("needs “{name}” twice; delete one of the two"));
            }
            if let Some(Err(message)) = default.as_deref().map(Template::parse) {
                say(format!("needs[{index}].default"), format!("variable {name}: {message}"));
            }
        }
        for WrongSetting { field, message } in agent.settings.iter().flat_map(check_settings) {
            say(format!("settings.{field}"), message);
        }
    }

    fn check_unique<'i>(&mut self, list: &str, what: &str, items: impl Iterator<Item = (&'i str, &'i str)>) {
        let mut ids = HashSet::new();
        for (index, (id, name)) in items.enumerate() {
            let mut say = |field: &str, place: String, message: String| {
                let mut problem = Problem::new(format!("{list}[{index}].{field}"), place, message);
                problem.rule = (list == "rules").then(|| id.to_owned());
                self.problems.push(problem);
            };
            let place = format!("{what} “{name}”");
            if name.trim().is_empty() {
                say("name", format!("{what} {}", index + 1), "has no name; give it one".into());
            }
            if id.is_empty() {
                say("id", place, "has no id; give it one of its own".into());
            } else if !ids.insert(id) {
                say("id", place, format!("the id “{id}” is used twice; give one of the two another id"));
            }
        }
    }

    fn rule(&mut self, index: usize, rule: &'a Rule) -> CompiledRule {
        let place = Place {
            field: format!("rules[{index}]"),
            words: format!("Rule “{}”", rule.name),
            rule: Some(rule),
        };
        // A zone that does not exist is told already.
        let (period, wrong) = Period::of(rule, self.table.time_zone());
        for (field, message) in wrong {
            self.say(&place, field, message);
        }
        let when = rule.when.iter().enumerate().map(|(group, any)| self.group(&place, group, any)).collect();
        CompiledRule {
            id: rule.id.clone(),
            name: rule.name.clone(),
            enabled: rule.enabled,
            period,
            when,
            then: self.outcome(&place, "then", &rule.then),
        }
    }

    fn group(&mut self, place: &Place<'_>, group: usize, any: &'a AnyOf) -> Vec<CompiledTest> {
        if any.any_of.is_empty() {
            self.say(
                place,
                &format!("when[{group}]"),
                "has an empty group of conditions; add one or delete the group",
            );
        }
        let mut tests = Vec::new();
        for (index, test) in any.any_of.iter().enumerate() {
            match self.condition(test) {
                Ok(condition) => tests.push(CompiledTest { condition, not: test.not, place: None }),
                Err(message) => self.say(place, &format!("when[{group}].any_of[{index}]"), message),
            }
        }
        tests
    }

    fn condition(&mut self, test: &'a Test) -> Made {
        let make = || self.vocabulary.condition(test, self.table).map(Arc::from);
        let key = (test.condition.as_str(), test.settings.to_string());
        self.conditions.entry(key).or_insert_with(make).clone()
    }

    fn fallback(&mut self) -> CompiledOutcome {
        let place = Place { field: "fallback".into(), words: "The fallback".into(), rule: None };
        if self.table.fallback.action == Action::GoOn {
            self.say(
                &place,
                "action",
                "cannot go on, as nothing comes after it; connect an agent, keep the line's own, or reject",
            );
        }
        self.outcome(&place, "", &self.table.fallback)
    }

    fn outcome(&mut self, place: &Place<'_>, field: &str, outcome: &Outcome) -> CompiledOutcome {
        let inner = |name: &str| if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
        let action = match &outcome.action {
            Action::Connect { agent, version } => {
                let connect = self.connect(place, &inner("action.connect.agent"), agent, version.as_ref());
                Some(CompiledAction::Fixed(connect))
            }
            Action::Share(share) => self.share(place, &inner("action.share"), share),
            Action::Keep => Some(CompiledAction::Fixed(Decided::Keep)),
            Action::Reject => Some(CompiledAction::Fixed(Decided::Reject)),
            Action::GoOn => None,
        };
        let mut variables = BTreeMap::new();
        for (name, text) in &outcome.variables {
            let where_to = inner(&format!("variables.{name}"));
            if let Err(message) = variable::check_name(name) {
                self.say(place, &where_to, message);
            }
            match Template::parse(text) {
                Ok(template) => {
                    variables.insert(name.clone(), template);
                }
                Err(message) => self.say(place, &where_to, format!("variable {name}: {message}")),
            }
        }
        for WrongSetting { field, message } in outcome.agent_settings.iter().flat_map(check_settings) {
            self.say(place, &inner(&format!("agent_settings.{field}")), message);
        }
        CompiledOutcome {
            action,
            variables,
            metadata: outcome.metadata.clone(),
            agent_settings: outcome.agent_settings.clone(),
            tell: outcome.tell.clone(),
        }
    }

    fn share(&mut self, place: &Place<'_>, field: &str, share: &Share) -> Option<CompiledAction> {
        if share.agents.is_empty() {
            self.say(place, &format!("{field}.agents"), "nobody shares its calls; add agents");
            return None;
        }
        let mut agents = Vec::new();
        for (index, part) in share.agents.iter().enumerate() {
            let field = format!("{field}.agents[{index}]");
            let is_twin = |other: &Sharer| other.agent == part.agent && other.version == part.version;
            if !part.agent.is_empty() && share.agents[..index].iter().any(is_twin) {
                let name = self.table.agent(&part.agent).map_or(&part.agent, |agent| &agent.name);
                let message = format!("{name} shares its calls twice; take one of the two away");
                self.say(place, &format!("{field}.agent"), message);
            }
            agents.push(self.connect(place, &format!("{field}.agent"), &part.agent, part.version.as_ref()));
        }
        let rule = place.rule.map_or("", |rule| rule.id.as_str());
        match self.vocabulary.choice(share, rule, self.table) {
            Ok(choice) => {
                let expected = choice.expected();
                // The upper one of those alike.
                let most =
                    agents.iter().zip(expected).rev().max_by(|(_, one), (_, other)| one.total_cmp(other));
                let likeliest = most.map_or(Decided::Keep, |(agent, _)| agent.clone());
                Some(CompiledAction::Share { choice, agents, likeliest })
            }
            Err(message) => {
                self.say(place, field, message);
                None
            }
        }
    }

    fn connect(
        &mut self,
        place: &Place<'_>,
        field: &str,
        id: &str,
        version: Option<&AgentVersion>,
    ) -> Decided {
        if let Some(agent) = self.table.agent(id) {
            let (name, retell_id) = (agent.name.clone(), agent.retell_id.clone());
            return Decided::Connect { name, id: id.to_owned(), retell_id, version: version.cloned() };
        }
        let message = if id.is_empty() {
            "no agent is chosen; choose who answers".to_owned()
        } else {
            format!("the agent “{id}” is not in the table; choose another, or add it under Lines & agents")
        };
        self.say(place, field, message);
        Decided::Keep
    }
}
