//! Where calls are received: the address for Retell, the port, and who can reach it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use egui::{Frame, Key, Margin, Ui};

use crate::service::{TEXTS_PATH, WEBHOOK_PATH};
use crate::storage::Settings;
use crate::ui::app::{Actions, State};
use crate::ui::theme::{self, RADIUS_SMALL, space, text};
use crate::ui::widgets::{Banner, Button, Field, Level, TextField, section, select};

/// The port as it is typed.
#[derive(Default)]
pub(super) struct ReceivingSection {
    port: String,
    /// The port that is set, from which typing began.
    begun_at: Option<u16>,
}

/// Who can reach the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    ThisComputer,
    AllNetworks,
    /// Only one address of this computer, as set by hand.
    OneAddress(IpAddr),
}

impl Reach {
    fn of(ip: IpAddr) -> Self {
        match ip {
            ip if ip.is_loopback() => Self::ThisComputer,
            ip if ip.is_unspecified() => Self::AllNetworks,
            ip => Self::OneAddress(ip),
        }
    }

    fn ip(self) -> IpAddr {
        match self {
            Self::ThisComputer => Ipv4Addr::LOCALHOST.into(),
            Self::AllNetworks => Ipv4Addr::UNSPECIFIED.into(),
            Self::OneAddress(ip) => ip,
        }
    }
}

impl ReceivingSection {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        section(ui, "Receiving calls", "", |ui| {
            address_ui(ui, state, actions);
            ui.add_space(space::M);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::XL;
                self.port_ui(ui, state, actions);
                reach_ui(ui, state, actions);
            });
            if Reach::of(state.settings.listen.ip()) == Reach::AllNetworks {
                ui.add_space(space::S);
                let text = "Others in your network can reach this port";
                Banner::new(Level::Warning, text)
                    .detail("Requests that Retell did not sign are refused, but a tunnel on this computer needs no more than “This computer only”")
                    .show(ui, |_| ());
            }
        });
    }

    fn port_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        // A port that the system chose is shown as it is.
        let listen = state.listen();
        if self.begun_at != Some(listen.port()) {
            (self.port, self.begun_at) = (listen.port().to_string(), Some(listen.port()));
        }
        let port = self.port.trim().parse::<u16>().ok().filter(|port| *port > 0);
        let error = port.is_none().then_some("A port is a number from 1 to 65535");
        let changed = port.filter(|port| *port != listen.port());
        ui.scope(|ui| {
            ui.set_max_width(260.0);
            Field::new("Port").help("Your tunnel must point at the same one").error(error).show_group(
                ui,
                |ui| {
                    ui.horizontal(|ui| {
                        let field = ui.add(TextField::new(&mut self.port).width(96.0));
                        let Some(port) = changed else { return };
                        let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                        let button = Button::primary("Use").name("Use this port");
                        if ui.add(button).clicked() || enter {
                            let listen = SocketAddr::new(listen.ip(), port);
                            actions.push(super::save(Settings { listen, ..state.settings.clone() }));
                        }
                    });
                },
            );
        });
    }
}

fn address_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let p = theme::palette(ui);
    let url = state.webhook_url();
    ui.label(text::label("Webhook address on this computer"));
    Frame::new()
        .fill(p.sunken)
        .corner_radius(RADIUS_SMALL)
        .inner_margin(Margin::symmetric(space::M as i8, space::XS as i8))
        .show(ui, |ui| super::copyable_ui(ui, &url, "Copy the webhook address", actions));
    let help = format!(
        "A tunnel of your own has to point at port {}; at Retell, its address is followed by {WEBHOOK_PATH}, \
         or {TEXTS_PATH} for text messages",
        state.listen().port()
    );
    ui.label(text::help(p, help));
}

fn reach_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let listen = state.settings.listen;
    let mut reach = Reach::of(listen.ip());
    let one = format!("Only {}", listen.ip());
    let mut choices =
        vec![(Reach::ThisComputer, "This computer only"), (Reach::AllNetworks, "All network addresses")];
    if let Reach::OneAddress(_) = reach {
        choices.push((reach, &one));
    }
    ui.scope(|ui| {
        ui.set_max_width(280.0);
        let field = Field::new("Who can reach it").help("A tunnel runs on this computer");
        let chosen = field.show(ui, |ui| select(ui, "reach", 240.0, &mut reach, &choices));
        if chosen.changed() {
            let listen = SocketAddr::new(reach.ip(), listen.port());
            actions.push(super::save(Settings { listen, ..state.settings.clone() }));
        }
    });
}
