//! All plugins in one place: who offers which condition, fact and look-up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};

use super::reach::ReachKind;
use super::{
    Ask, ChoiceContext, ChoiceInfo, ChoiceKind, CompileContext, ConditionInfo, ConditionKind, FactInfo,
    Fault, Health, Host, Inspection, Look, LookUp, LookUpKind, NoticeKind, OpenLookUp, People, Person,
    Plugin, Tested,
};
use super::{Manifest, Secrets, fact, hours, line};
use crate::routing::checks::WeekSpan;
use crate::routing::{
    Choice, Condition, Facts, Line, Problem, Share, Table, Test, UsedLookUp, Vocabulary, capital, near,
};

/// The plugins that this program has.
pub struct Registry {
    plugins: Vec<Arc<dyn Plugin>>,
    host: Host,
    asks_nobody: Arc<AtomicBool>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.plugins().map(|plugin| &plugin.manifest().id)).finish()
    }
}

/// A way to choose among several agents as the registry knows it.
#[derive(Clone, Copy)]
pub struct ChoiceEntry<'a> {
    /// Who offers it.
    pub plugin: &'a dyn Plugin,
    /// What people see of it.
    pub info: &'a ChoiceInfo,
    /// What it does.
    pub kind: &'static dyn ChoiceKind,
}

impl ChoiceEntry<'_> {
    /// Its id, as tables name it: `shares.weighted`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}.{}", self.plugin.manifest().id, self.kind.name())
    }
}

/// A condition as the registry knows it.
#[derive(Clone, Copy)]
pub struct ConditionEntry<'a> {
    /// Who offers it.
    pub plugin: &'a dyn Plugin,
    /// What people see of it.
    pub info: &'a ConditionInfo,
    /// What it does.
    pub kind: &'static dyn ConditionKind,
}

impl ConditionEntry<'_> {
    /// Its id, as rules name it: `caller.number`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}.{}", self.plugin.manifest().id, self.kind.name())
    }
}

impl Registry {
    /// The built-in plugins, which can use nothing of the world: enough to check tables.
    #[must_use]
    pub fn built_in() -> Self {
        Self::with_host(Host::default())
    }

    /// The built-in plugins and what they may use.
    #[must_use]
    pub fn with_host(host: Host) -> Self {
        let plugins = super::built_in().into_iter().map(Arc::from).collect();
        Self { plugins, host, asks_nobody: Arc::default() }
    }

    /// The same built-in plugins, and these dropped-in ones in the place of those before.
    #[must_use]
    pub fn with_dropped(&self, dropped: Vec<Arc<dyn Plugin>>) -> Self {
        let built_in = self.plugins.iter().filter(|plugin| plugin.as_dropped().is_none());
        Self {
            plugins: built_in.cloned().chain(dropped).collect(),
            host: self.host.clone(),
            asks_nobody: self.asks_nobody.clone(),
        }
    }

    /// What plugins may use of the world.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The plugins that were dropped in.
    pub fn dropped(&self) -> impl Iterator<Item = &dyn Plugin> {
        self.plugins().filter(|plugin| plugin.as_dropped().is_some())
    }

    /// A registry of other plugins, for tests.
    #[must_use]
    pub fn of(plugins: Vec<Box<dyn Plugin>>) -> Self {
        let plugins = plugins.into_iter().map(Arc::from).collect();
        Self { plugins, host: Host::default(), asks_nobody: Arc::default() }
    }

    /// From now on look-ups in use and dropped-in plugins are opened as ones that say that they are not
    /// asked, or again as what they are.
    pub fn ask_nobody(&self, asks_nobody: bool) {
        self.asks_nobody.store(asks_nobody, Ordering::Relaxed);
    }

    /// All plugins in order.
    pub fn plugins(&self) -> impl Iterator<Item = &dyn Plugin> {
        self.plugins.iter().map(AsRef::as_ref)
    }

    /// All conditions in the order of their plugins.
    pub fn conditions(&self) -> impl Iterator<Item = ConditionEntry<'_>> {
        self.plugins().flat_map(|plugin| {
            plugin.conditions().iter().filter_map(move |kind| {
                let info = plugin.manifest().conditions.get(kind.name())?;
                Some(ConditionEntry { plugin, info, kind: *kind })
            })
        })
    }

    /// The condition with this id.
    #[must_use]
    pub fn find_condition(&self, id: &str) -> Option<ConditionEntry<'_>> {
        let (plugin_id, name) = id.split_once('.')?;
        let plugin = self.plugins().find(|plugin| plugin.manifest().id == plugin_id)?;
        let kind = *plugin.conditions().iter().find(|kind| kind.name() == name)?;
        let info = plugin.manifest().conditions.get(name)?;
        Some(ConditionEntry { plugin, info, kind })
    }

    /// All ways to choose among several agents, in the order of their plugins.
    pub fn choices(&self) -> impl Iterator<Item = ChoiceEntry<'_>> {
        self.plugins().flat_map(|plugin| {
            plugin.choices().iter().filter_map(move |kind| {
                let info = plugin.manifest().choices.get(kind.name())?;
                Some(ChoiceEntry { plugin, info, kind: *kind })
            })
        })
    }

    /// The way to choose with this id.
    #[must_use]
    pub fn find_choice(&self, id: &str) -> Option<ChoiceEntry<'_>> {
        self.choices().find(|entry| entry.id() == id)
    }

    /// All ways for the internet to reach this computer, in the order of their plugins.
    pub fn ways(&self) -> impl Iterator<Item = (&Manifest, &dyn ReachKind)> {
        self.plugins().filter_map(|plugin| Some((plugin.manifest(), plugin.reach()?)))
    }

    /// The way that the plugin with this id offers.
    #[must_use]
    pub fn find_way(&self, id: &str) -> Option<(&Manifest, &dyn ReachKind)> {
        self.ways().find(|(manifest, _)| manifest.id == id)
    }

    /// All ways to tell somebody, in the order of their plugins.
    pub fn notices(&self) -> impl Iterator<Item = (&dyn Plugin, &dyn NoticeKind)> {
        self.plugins().filter_map(|plugin| Some((plugin, plugin.notice()?)))
    }

    /// The way to tell somebody that the plugin with this id offers, unless it is not asked just now. The
    /// error is the end of a sentence for the owner.
    pub fn find_notice(&self, id: &str) -> Result<(&dyn Plugin, &dyn NoticeKind), String> {
        let found = self.notices().find(|(plugin, _)| plugin.manifest().id == id);
        let (plugin, kind) = found.ok_or_else(|| {
            format!("the plugin “{id}” is not here, or is switched off; add it again, or remove this notice")
        })?;
        if self.is_safe() && plugin.as_dropped().is_some() {
            Err(NOT_ASKED.to_owned())
        } else {
            Ok((plugin, kind))
        }
    }

    /// What no file may hold.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.host.secrets
    }

    /// The plugin that a look-up in use asks, and what it can be used for.
    #[must_use]
    pub fn find_look_up(&self, used: &UsedLookUp) -> Option<(&dyn Plugin, &dyn LookUpKind)> {
        let plugin = self.plugins().find(|plugin| plugin.manifest().id == used.plugin)?;
        Some((plugin, plugin.look_up_kind()?))
    }

    /// The plugins whose look-up tables can use, in order.
    pub fn usable(&self) -> impl Iterator<Item = (&dyn Plugin, &dyn LookUpKind)> {
        self.plugins().filter_map(|plugin| Some((plugin, plugin.look_up_kind()?)))
    }

    /// What keeps look-ups in use from working on this computer, by their ids: for each the end of a
    /// sentence.
    #[must_use]
    pub fn lacks(&self, table: &Table) -> BTreeMap<String, String> {
        let used = table.look_ups.iter().filter(|used| used.enabled);
        let lack = used
            .filter_map(|used| Some((used.id.clone(), self.find_look_up(used)?.1.lack(used, &self.host)?)));
        lack.collect()
    }

    /// Looks at a look-up in use for the window, as it is in `table`; with `test` it is tested too.
    #[must_use]
    pub fn inspect(
        &self,
        used: &UsedLookUp,
        table: &Table,
        test: Option<&Ask>,
    ) -> BoxFuture<'static, Inspection> {
        let wrong = self.check_look_up(used, table).err();
        let looking = match self.find_look_up(used) {
            Some((_, kind)) => kind.inspect(Look { used, table, test }, &self.host),
            None => future::ready(Inspection::of(Health::Bad, wrong.clone().unwrap_or_default())).boxed(),
        };
        let tested = test.map(|ask| ask.call.as_ref().clone());
        // Wrong settings do not keep it from being looked at or tested, as that helps to put them right.
        let said = move |found: Inspection| match (tested, wrong) {
            // Where it cannot even be asked, the test has failed.
            (Some(call), wrong) if found.test.is_none() => {
                let reason = wrong.map_or_else(|| found.summary.clone(), |reason| capital(&reason));
                Inspection { test: Some(Tested::in_vain(call, reason)), ..found }
            }
            (None, Some(reason)) => Inspection { health: Health::Bad, summary: capital(&reason), ..found },
            _ => found,
        };
        looking.map(said).boxed()
    }

    /// Finds people in what the look-ups of `table` read: at most `most`, each number once.
    #[must_use]
    pub fn find_people(&self, table: &Table, words: &str, most: usize) -> BoxFuture<'static, Vec<Person>> {
        let in_use = table.look_ups.iter().filter(|used| used.enabled);
        let asked = in_use.filter_map(|used| {
            let (_, kind) = self.find_look_up(used)?;
            Some(kind.find_people(People { used, table, words, most }, &self.host))
        });
        let all = future::join_all(asked.collect::<Vec<_>>());
        async move {
            let mut people: Vec<Person> = Vec::new();
            for person in all.await.into_iter().flatten() {
                if people.len() < most && people.iter().all(|other| other.number != person.number) {
                    people.push(person);
                }
            }
            people
        }
        .boxed()
    }

    /// All facts that calls routed by `table` can have.
    #[must_use]
    pub fn facts(&self, table: &Table) -> BTreeMap<String, FactInfo> {
        let of_uses = table.look_ups.iter().filter_map(|used| Some(self.find_look_up(used)?.1.facts(used)));
        self.plugins().map(|plugin| plugin.facts(table)).chain(of_uses).flatten().collect()
    }

    /// What is known of one fact before any call.
    #[must_use]
    pub fn fact(&self, name: &str, table: &Table) -> Option<FactInfo> {
        self.facts(table).remove(name)
    }

    /// The names of the facts that are looked up for each call that `table` routes. Opens nothing.
    #[must_use]
    pub fn looked_up(&self, table: &Table) -> BTreeSet<String> {
        let in_use = table.look_ups.iter().filter(|used| used.enabled);
        let of_uses = in_use.filter_map(|used| Some(self.find_look_up(used)?.1.facts(used)));
        let facts = self.plugins().map(|plugin| plugin.facts(table)).chain(of_uses);
        facts.flat_map(BTreeMap::into_keys).collect()
    }

    /// All look-ups, opened for `table`: what plugins know of every call, then those in use.
    #[must_use]
    pub fn look_ups(&self, table: &Table) -> Vec<OpenLookUp> {
        let in_use = table.look_ups.iter().filter(|used| used.enabled).filter_map(|used| {
            let (_, kind) = self.find_look_up(used)?;
            let opened =
                if self.is_safe() { Err(NOT_ASKED.to_owned()) } else { kind.open(used, table, &self.host) };
            let look_up =
                opened.unwrap_or_else(|reason| Arc::new(Broken { name: used.name.clone(), reason }));
            Some(OpenLookUp {
                name: used.name.clone(),
                look_up,
                gives: kind.facts(used).into_keys().collect(),
            })
        });
        self.own_look_ups(table).into_iter().chain(in_use).collect()
    }

    /// What plugins know of every call, opened for `table`. Those that are repeatable are among these:
    /// what the owner's files and web services say does not stay the same.
    #[must_use]
    pub fn own_look_ups(&self, table: &Table) -> Vec<OpenLookUp> {
        let opened = self.plugins().filter_map(|plugin| {
            let mut look_up = plugin.look_up(table, &self.host)?;
            let name = plugin.manifest().name.clone();
            if self.is_safe() && plugin.as_dropped().is_some() {
                look_up = Arc::new(Broken { name: name.clone(), reason: NOT_ASKED.to_owned() });
            }
            let gives = plugin.facts(table).into_keys().collect();
            Some(OpenLookUp { name, look_up, gives })
        });
        opened.collect()
    }

    fn is_safe(&self) -> bool {
        self.asks_nobody.load(Ordering::Relaxed)
    }

    fn check_look_up(&self, used: &UsedLookUp, table: &Table) -> Result<(), String> {
        let Some((_, kind)) = self.find_look_up(used) else {
            return Err(format!(
                "the plugin “{}” is not known here; delete this look-up, or add the plugin",
                used.plugin
            ));
        };
        kind.check(used, table)
    }
}

/// Why facts are missing in safe mode.
const NOT_ASKED: &str = "it is not asked in safe mode";

/// A look-up that could not be opened: each call is told why its facts are missing.
struct Broken {
    name: String,
    reason: String,
}

impl LookUp for Broken {
    fn ask(&self, _: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        future::ready(Err(Fault::Broken { name: self.name.clone(), reason: self.reason.clone() })).boxed()
    }
}

impl Vocabulary for Registry {
    fn condition(&self, test: &Test, table: &Table) -> Result<Box<dyn Condition>, String> {
        let entry = self.find_condition(&test.condition).ok_or_else(|| {
            let ids: Vec<String> = self.conditions().map(|entry| entry.id()).collect();
            let meant = near(&test.condition, ids.iter().map(String::as_str));
            let meant = meant.map(|id| format!("is “{id}” meant? Else ")).unwrap_or_default();
            format!(
                "the condition “{}” is not known here; {meant}delete it, or add the plugin that offers it (switchboard table conditions lists all there are)",
                test.condition
            )
        })?;
        entry
            .kind
            .compile(&test.settings, CompileContext { table, registry: self })
            .map_err(|message| format!("{}: {message}", entry.info.title))
    }

    fn choice(&self, share: &Share, rule: &str, table: &Table) -> Result<Box<dyn Choice>, String> {
        let entry = self.find_choice(&share.how).ok_or_else(|| {
            format!(
                "the way to share calls “{}” is not known here; choose another, or add the plugin that offers it",
                share.how
            )
        })?;
        entry.kind.compile(share, ChoiceContext { table, rule })
    }

    fn check(&self, table: &Table) -> Vec<Problem> {
        let of_uses = table.look_ups.iter().enumerate().filter_map(|(index, used)| {
            let message = self.check_look_up(used, table).err()?;
            let place = format!("Look-up “{}”", used.name);
            Some(Problem::new(format!("look_ups[{index}].settings"), place, message))
        });
        self.plugins().flat_map(|plugin| plugin.check(table)).chain(of_uses).collect()
    }

    fn notice(&self, id: &str) -> Option<String> {
        self.host.notices.get(id)
    }

    fn hours_changes(&self, from: &str, to: &str) -> Vec<String> {
        super::hours::changes::words(from, to)
    }

    /// What the owner's own sources tell of a caller is nobody else's business.
    fn is_private(&self, fact: &str, table: &Table) -> bool {
        let gives = |used: &UsedLookUp| {
            self.find_look_up(used).is_some_and(|(_, kind)| kind.facts(used).contains_key(fact))
        };
        let was_dropped = self.dropped().any(|plugin| plugin.manifest().facts.contains_key(fact));
        // One that is not asked tells nothing.
        was_dropped || table.look_ups.iter().filter(|used| used.enabled).any(gives)
    }

    fn unknown_facts(&self, table: &Table) -> BTreeMap<String, BTreeSet<String>> {
        let known = self.looked_up(table);
        let mut unknown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for rule in &table.rules {
            let tests = rule.when.iter().flat_map(|group| &group.any_of);
            for fact in tests.filter_map(fact::compared).filter(|fact| !known.contains(*fact)) {
                unknown.entry(rule.id.clone()).or_default().insert(fact.to_owned());
            }
        }
        unknown
    }

    fn facts_given(&self, table: &Table) -> Option<BTreeSet<String>> {
        Some(self.looked_up(table))
    }

    fn tests_for(&self, table: &mut Table, line: &Line, hours: &[WeekSpan]) -> Option<Vec<Test>> {
        let of_line = line::test_for(line);
        let always = hours.iter().any(|span| span.is_whole_week());
        Some(if always { vec![of_line] } else { vec![of_line, hours::test_for(table, hours)] })
    }
}
