//! All plugins in one place: who offers which condition, fact and look-up.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CompileContext, ConditionInfo, ConditionKind, FactInfo, LookUp, Plugin};
use crate::routing::{Condition, Problem, Table, Test, Vocabulary};

/// The plugins that this program has.
pub struct Registry {
    plugins: Vec<Box<dyn Plugin>>,
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
    /// The built-in plugins.
    #[must_use]
    pub fn built_in() -> Self {
        Self { plugins: super::built_in() }
    }

    /// A registry of other plugins, for tests.
    #[must_use]
    pub fn of(plugins: Vec<Box<dyn Plugin>>) -> Self {
        Self { plugins }
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

    /// All facts that calls routed by `table` can have.
    #[must_use]
    pub fn facts(&self, table: &Table) -> BTreeMap<String, FactInfo> {
        self.plugins().flat_map(|plugin| plugin.facts(table)).collect()
    }

    /// What is known of one fact before any call.
    #[must_use]
    pub fn fact(&self, name: &str, table: &Table) -> Option<FactInfo> {
        self.plugins().find_map(|plugin| plugin.facts(table).remove(name))
    }

    /// All look-ups, opened for `table`, with the name of their plugin.
    #[must_use]
    pub fn look_ups(&self, table: &Table) -> Vec<(String, Arc<dyn LookUp>)> {
        self.plugins()
            .filter_map(|plugin| Some((plugin.manifest().name.clone(), plugin.look_up(table)?)))
            .collect()
    }
}

impl Vocabulary for Registry {
    fn condition(&self, test: &Test, table: &Table) -> Result<Box<dyn Condition>, String> {
        let entry = self.find_condition(&test.condition).ok_or_else(|| {
            format!(
                "the condition “{}” is not known here; delete it, or add the plugin that offers it",
                test.condition
            )
        })?;
        entry
            .kind
            .compile(&test.settings, CompileContext { table, registry: self })
            .map_err(|message| format!("{}: {message}", entry.info.title))
    }

    fn check(&self, table: &Table) -> Vec<Problem> {
        self.plugins().flat_map(|plugin| plugin.check(table)).collect()
    }
}
