//! What editors of ways to be reached share: a token that is typed and never shown again.

use egui::Ui;

use super::reach::{ReachEditor, SecretWish};
use crate::ui::widgets::{SecretField, SecretTyped};

/// A token: whether it is here, and a field to enter it.
pub(super) fn secret_ui(
    ui: &mut Ui,
    label: &str,
    help: &str,
    name: &'static str,
    context: &ReachEditor<'_>,
) -> Option<SecretWish> {
    let typed = SecretField::new(label, "token", context.secrets.contains(name)).help(help).ui(ui)?;
    let secret = if let SecretTyped::Keep(secret) = typed { Some(secret) } else { None };
    Some(SecretWish { name, secret })
}
