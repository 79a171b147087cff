//! The controls for a Cloudflare tunnel.

use egui::Ui;
use serde_json::Value;

use super::{Kind, Settings, TOKEN};
use crate::plugins::editing::edit;
use crate::plugins::editing_reach::secret_ui;
use crate::plugins::reach::{ReachEditor, SecretWish, read_address};
use crate::ui::widgets::{Field, TextField, segmented};

pub(super) fn editor_ui(ui: &mut Ui, settings: &mut Value, context: &ReachEditor<'_>) -> Option<SecretWish> {
    let mut wish = None;
    edit(ui, settings, |ui, Settings { kind, address }| {
        segmented(ui, kind, &[(Kind::Named, "Named tunnel"), (Kind::Quick, "Quick tunnel, to try out")]);
        if *kind == Kind::Quick {
            return;
        }
        let help = format!(
            "Create a tunnel at Cloudflare under Networks, Tunnels; give it a public hostname with the service \
             http://localhost:{}, and copy what stands after --token",
            context.port
        );
        wish = secret_ui(ui, "Tunnel token", &help, TOKEN, context);
        let error = (!address.trim().is_empty()).then(|| read_address(address).err()).flatten();
        Field::new("Public hostname")
            .optional()
            .help("Cloudflare usually tells it; write it here if the tunnel is set up by a file")
            .error(error.as_deref())
            .show(ui, |ui| ui.add(TextField::new(address).hint("calls.example.com").width(420.0)));
    });
    wish
}
