//! What the window knows of the test bench, besides the last trials.

use crate::plugins::Person;
use crate::service::messages::BenchEvent;
use crate::storage::Preset;

/// What was told of the test bench.
#[derive(Default)]
pub struct Benched {
    /// Calls to try, by name.
    pub presets: Vec<Preset>,
    /// The words that people were looked for by last, and who was found.
    pub people: Option<(String, Vec<Person>)>,
}

impl Benched {
    /// Takes in what was told.
    pub fn hear(&mut self, event: BenchEvent) {
        match event {
            BenchEvent::People { words, people } => self.people = Some((words, people)),
            BenchEvent::Presets(presets) => self.presets = presets,
        }
    }
}
