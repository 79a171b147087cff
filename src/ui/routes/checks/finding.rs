//! One finding with what can be done about it.

use egui::Ui;

use super::super::sentences::capital;
use super::line::line_ui;
use crate::routing::checks::{Finding, FindingKind, Place, Repaired};
use crate::ui::app::{Action, Actions, State};
use crate::ui::at_retell::{agent_names, lift_ui};
use crate::ui::theme::{icons, space, text};
use crate::ui::widgets::{Button, safe_text, shell};

/// Draws it; with `named` it says what it is about. Says whether it is to be put aside.
pub(super) fn finding_ui(
    ui: &mut Ui,
    state: &State,
    finding: &Finding,
    named: bool,
    actions: &mut Actions,
) -> bool {
    ui.spacing_mut().item_spacing.y = space::XS;
    let place = finding.place.words(&state.draft);
    head_ui(ui, state, finding, named);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        if named && ui.add(Button::secondary("Open").small().name(&format!("Open {place}"))).clicked() {
            actions.push(goal(&finding.place));
        }
        for id in &finding.others {
            let Some(other) = state.draft.rule(id) else { continue };
            let words = format!("Go to “{}”", safe_text(&other.name));
            let button = Button::quiet(&words).with_trailing(icons::ARROW_RIGHT).small();
            if ui.add(button).clicked() {
                actions.push(Action::OpenRule(id.clone()));
            }
        }
        for repair in &finding.repairs {
            let words = repair.words(&state.draft);
            let words = safe_text(&words);
            let name = format!("{words}: {place}");
            if ui.add(Button::secondary(&words).small().name(&name)).clicked()
                && let Some(Repaired { what, table, opens }) = repair.apply(&state.draft, &*state.registry)
            {
                actions.push(Action::Edit { what, table });
                actions.extend(opens.map(Action::OpenRule));
            }
        }
        lifts_ui(ui, state, finding, actions);
        ui.add(Button::quiet("Dismiss…").small().name(&format!("Dismiss… {place}"))).clicked()
    })
    .inner
}

/// A reject that cannot work can once its lines have no agent of their own.
fn lifts_ui(ui: &mut Ui, state: &State, finding: &Finding, actions: &mut Actions) {
    let Some(account) = state.account.known.as_deref() else { return };
    if finding.kind != FindingKind::RejectCannotWork {
        return;
    }
    for line in finding.lines.iter().filter_map(|id| state.draft.line(id)) {
        if let Some(number) = account.number(&line.number).filter(|number| !number.agents.is_empty()) {
            let agents = agent_names(&number.agents, account, &state.draft);
            lift_ui(ui, state, line, number, &agents, actions);
        }
    }
}

/// What it is about, and the sentence.
pub(super) fn head_ui(ui: &mut Ui, state: &State, finding: &Finding, named: bool) {
    if named {
        let place = finding.place.words(&state.draft);
        ui.add(egui::Label::new(text::label(safe_text(&place))).truncate());
    }
    line_ui(ui, finding.level, &capital(&safe_text(&finding.message)), true);
}

/// Where one goes to see what a finding is about.
pub(crate) fn goal(place: &Place) -> Action {
    match place {
        Place::Rule(id) => Action::OpenRule(id.clone()),
        Place::Fallback => Action::OpenFallback,
        Place::LookUp(id) => Action::OpenLookUp(id.clone()),
        Place::Line(_) | Place::Agent(_) => Action::Go(shell::Place::Lines),
    }
}
