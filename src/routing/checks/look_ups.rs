//! Look-ups that cannot work on this computer.

use super::finding::{FindingKind, Findings, Level, Place};
use super::knowledge::Knowledge;

pub(super) fn find(knowledge: &Knowledge, findings: &mut Findings<'_>) {
    for used in &findings.table.look_ups {
        let Some(lack) = knowledge.lacks.get(&used.id) else { continue };
        let place = Place::LookUp(used.id.clone());
        let message = format!("finds nothing out about calls: {lack}");
        findings.say(Level::Warning, FindingKind::LookUpCannotWork, place, message);
    }
}
