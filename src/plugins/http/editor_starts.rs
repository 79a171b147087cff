//! Where a new web look-up can start from: questions as common systems take them.

use egui::Ui;

use super::settings::{Body, How, Mapping, Method, Sent, Settings};
use crate::routing::Kind;
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, menu_button, row_button};

/// A typical question.
struct Start {
    title: &'static str,
    help: &'static str,
    method: Method,
    url: &'static str,
    send: Option<(How, &'static str)>,
    json: Option<&'static str>,
    /// Name, title and place of each fact.
    facts: &'static [(&'static str, &'static str, &'static str)],
}

const STARTS: [Start; 4] = [
    Start {
        title: "Search by phone number",
        help: "GET with the number in the address, and a token",
        method: Method::Get,
        url: "https://crm.example.com/customers?phone={{caller.number}}",
        send: Some((How::Bearer, "")),
        json: None,
        facts: &[("name", "Name", "/name"), ("tier", "Tier", "/tier")],
    },
    Start {
        title: "Question in JSON",
        help: "POST to a service of yours, such as an automation's webhook",
        method: Method::Post,
        url: "https://hooks.example.com/who-calls",
        send: Some((How::SecretHeader, "X-Api-Key")),
        json: Some("{\n  \"from\": \"{{caller.number}}\",\n  \"to\": \"{{line.number}}\"\n}"),
        facts: &[("name", "Name", "/name")],
    },
    Start {
        title: "HubSpot contact",
        help: "The contact with this phone number, by a private app's token",
        method: Method::Post,
        url: "https://api.hubapi.com/crm/v3/objects/contacts/search",
        send: Some((How::Bearer, "")),
        json: Some(
            "{\n  \"filterGroups\": [{ \"filters\": [{ \"propertyName\": \"phone\", \"operator\": \"EQ\", \"value\": \"{{caller.number}}\" }] }],\n  \"properties\": [\"firstname\", \"lastname\", \"lifecyclestage\"],\n  \"limit\": 1\n}",
        ),
        facts: &[
            ("first_name", "First name", "/results/0/properties/firstname"),
            ("last_name", "Last name", "/results/0/properties/lastname"),
            ("stage", "Lifecycle stage", "/results/0/properties/lifecyclestage"),
        ],
    },
    Start {
        title: "Airtable record",
        help: "The record whose field Phone is the number; put your base and table into the address",
        method: Method::Get,
        url: "https://api.airtable.com/v0/YOUR_BASE/YOUR_TABLE?maxRecords=1&filterByFormula={Phone}='{{caller.number}}'",
        send: Some((How::Bearer, "")),
        json: None,
        facts: &[("name", "Name", "/records/0/fields/Name")],
    },
];

/// A menu of them.
pub(super) fn starts_ui(ui: &mut Ui, settings: &mut Settings) {
    let button = Button::secondary("Start from").with_icon(icons::LAYERS).with_trailing(icons::CHEVRON_DOWN);
    menu_button(ui, button, |ui| {
        ui.set_min_width(380.0);
        for start in &STARTS {
            if row_button(ui, start.title, start.help) {
                start.put_into(settings);
                ui.close();
            }
        }
    });
}

impl Start {
    fn put_into(&self, settings: &mut Settings) {
        settings.method = self.method;
        self.url.clone_into(&mut settings.url);
        let sent = |(how, name): (How, &str)| Sent { how, name: name.to_owned(), value: String::new() };
        settings.send = self.send.map(sent).into_iter().collect();
        settings.body = self.json.map_or(Body::None, |json| Body::Json(json.to_owned()));
        let mapping = |&(name, title, pointer): &(&str, &str, &str)| Mapping {
            name: name.to_owned(),
            title: title.to_owned(),
            pointer: pointer.to_owned(),
            kind: Kind::Text,
            ..Mapping::default()
        };
        settings.facts = self.facts.iter().map(mapping).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::Prepared;
    use super::super::settings::check_facts;
    use super::*;

    #[test]
    fn every_start_is_complete() {
        for start in &STARTS {
            let mut settings = Settings::default();
            start.put_into(&mut settings);
            assert_eq!(Prepared::of(&settings).err(), None, "{}", start.title);
            assert_eq!(check_facts(&settings.facts), Ok(()), "{}", start.title);
        }
    }
}
