//! The controls for ngrok.

use egui::Ui;
use serde_json::Value;

use super::{Settings, TOKEN};
use crate::plugins::editing::edit;
use crate::plugins::editing_reach::secret_ui;
use crate::plugins::reach::{ReachEditor, SecretWish, read_address};
use crate::ui::widgets::{Field, TextField};

pub(super) fn editor_ui(ui: &mut Ui, settings: &mut Value, context: &ReachEditor<'_>) -> Option<SecretWish> {
    let help = "In ngrok's dashboard under Your Authtoken; not needed if ngrok is set up on this computer";
    let wish = secret_ui(ui, "Authtoken", help, TOKEN, context);
    edit(ui, settings, |ui, Settings { domain }| {
        let error = (!domain.trim().is_empty()).then(|| read_address(domain).err()).flatten();
        Field::new("Domain")
            .help("In ngrok's dashboard under Domains; without it ngrok may choose another one at each start")
            .error(error.as_deref())
            .show(ui, |ui| ui.add(TextField::new(domain).hint("your-name.ngrok-free.app").width(420.0)));
    });
    wish
}
