//! The page of schedules used as a person would, and drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::{Role, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use support::desk::{Desk, Routes, busy_shop, click, fill, routes_window};
use support::save_picture;
use switchboard::routing::{Schedule, Table};
use switchboard::ui::app::Action;
use switchboard::ui::routes::RoutesScreen;

fn schedules(table: Table, size: [f32; 2], theme: Theme) -> Routes {
    let mut harness = routes_window(Desk::new(table, RoutesScreen::default()), size, theme);
    click(&mut harness, "Schedules…");
    harness
}

fn with_hours(hours: &str) -> Table {
    let mut table = busy_shop();
    table.schedules[0].hours = hours.into();
    table
}

fn opened(hours: &str) -> Routes {
    let mut harness = schedules(with_hours(hours), [1000.0, 1800.0], Theme::Light);
    click(&mut harness, "Edit Office hours");
    harness
}

fn schedule(harness: &Routes) -> Schedule {
    harness.state().state.draft.schedules[0].clone()
}

fn pick(harness: &mut Routes, of: &str, option: &str) {
    harness.get_by_role_and_label(Role::ComboBox, of).click();
    harness.run();
    click(harness, option);
}

#[test]
fn public_holidays_are_chosen_by_eye() {
    let mut harness = opened("Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 10:00-15:00");
    let hours = |harness: &Routes| schedule(harness).hours;
    pick(&mut harness, "Public holidays", "Closed");
    assert_eq!(hours(&harness), "Mo-Fr 09:00-17:00; PH off; Jul-Aug Mo-Fr 10:00-15:00");
    click(&mut harness, "Show all 13 of the next year");
    pick(&mut harness, "On Columbus Day", "Like any other day");
    assert_eq!(schedule(&harness).holidays.except, ["Columbus Day"]);
    pick(&mut harness, "On Thanksgiving Day", "Other hours");
    fill(&mut harness, "Hours on Thanksgiving Day", "9-11:30");
    let special = "Nov Th[4] 09:00-11:30 open \"Thanksgiving Day\"";
    let rest = "Jul-Aug Mo-Fr 10:00-15:00";
    assert_eq!(hours(&harness), format!("Mo-Fr 09:00-17:00; PH off; {special}; {rest}"));

    // What is copied holds for readers that know nothing of the choice.
    click(&mut harness, "Copy the hours as text");
    let copied = harness.state().actions.iter().find_map(|action| match action {
        Action::Copy(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.unwrap();
    assert!(copied.contains("Dec 25") && !copied.contains("PH") && !copied.contains("Oct Mo[2]"), "{copied}");

    pick(&mut harness, "On Columbus Day", "Closed");
    pick(&mut harness, "On Thanksgiving Day", "Closed");
    assert_eq!(schedule(&harness).holidays.except, [""; 0]);
    harness.get_by_role_and_label(Role::Button, "Country").click();
    harness.run();
    fill(&mut harness, "Search: Country of the holidays", "germ");
    click(&mut harness, "Germany");
    harness.get_by_role_and_label(Role::Button, "Region").click();
    harness.run();
    click(&mut harness, "Bayern");
    let holidays = schedule(&harness).holidays;
    assert_eq!((holidays.country.as_deref(), holidays.region.as_deref()), (Some("DE"), Some("BY")));
    assert!(harness.query_by_label("Corpus Christi").is_some());
    pick(&mut harness, "Public holidays", "Like any other day");
    assert_eq!(hours(&harness), format!("Mo-Fr 09:00-17:00; {rest}"));
}

#[test]
fn special_days_are_made_changed_and_removed_by_eye() {
    let mut harness = opened("Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 10:00-15:00");
    let rows = |harness: &Routes| {
        let hours = schedule(harness).hours;
        let rest = hours.strip_prefix("Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 10:00-15:00");
        rest.unwrap_or_else(|| panic!("{hours}")).trim_start_matches("; ").to_owned()
    };
    click(&mut harness, "Add a special day");
    click(&mut harness, "Several days every year");
    pick(&mut harness, "First day", "24");
    pick(&mut harness, "First month", "December");
    pick(&mut harness, "Last day", "2");
    pick(&mut harness, "Last month", "January");
    fill(&mut harness, "Name of the day", "Winter break");
    assert_eq!(rows(&harness), "Dec 24-Jan 02 off \"Winter break\"");
    pick(&mut harness, "Open or closed", "Open at these hours");
    fill(&mut harness, "Hours of the special day", "10-12, 13-15");
    assert_eq!(rows(&harness), "Dec 24-Jan 02 10:00-12:00,13:00-15:00 open \"Winter break\"");
    click(&mut harness, "Close Winter break");
    assert!(harness.query_by_label_contains("24 December to 2 January every year").is_some());

    click(&mut harness, "Edit Winter break");
    pick(&mut harness, "When", "A weekday of a month");
    pick(&mut harness, "Which one of the month", "last");
    pick(&mut harness, "Weekday", "Friday");
    pick(&mut harness, "Month", "May");
    click(&mut harness, "A day later");
    assert_eq!(rows(&harness), "May Fr[-1] +1 day 10:00-12:00,13:00-15:00 open \"Winter break\"");
    pick(&mut harness, "When", "One date");
    pick(&mut harness, "Date year", "2030");
    pick(&mut harness, "Date month", "February");
    pick(&mut harness, "Date day", "28");
    assert_eq!(rows(&harness), "2030 Feb 28 10:00-12:00,13:00-15:00 open \"Winter break\"");
    click(&mut harness, "Remove Winter break");
    assert_eq!(rows(&harness), "");
    click(&mut harness, "Remove Jul-Aug Mo-Fr 10:00-15:00");
    assert_eq!(schedule(&harness).hours, "Mo-Fr 09:00-17:00");
}

#[test]
fn the_week_is_changed_and_the_rest_stays() {
    let rest = "PH off; Dec 24 09:00-12:00 open \"Christmas Eve\"; Jul-Aug Mo-Fr 10:00-15:00; SH Sa off";
    let mut harness = opened(&format!("Mo-Fr 09:00-17:00; {rest}"));
    fill(&mut harness, "Hours on Saturday", "22-2");
    assert_eq!(schedule(&harness).hours, format!("Mo-Fr 09:00-17:00, Sa 22:00-02:00; {rest}"));
}

#[test]
fn hours_are_opened_from_a_file_and_saved_as_one() {
    let mut harness = opened("Mo-Fr 09:00-17:00");
    click(&mut harness, "Open hours from a file");
    click(&mut harness, "Save the hours as a file");
    let asked = &harness.state().actions;
    let [Action::OpenHours(id), Action::SaveHours(file)] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(*id, schedule(&harness).id);
    assert_eq!((file.name.as_str(), file.hours.as_str()), ("office-hours.txt", "Mo-Fr 09:00-17:00"));
    // What cannot be read is no file for another program.
    let harness = opened("Mo-Fr nine to five");
    assert!(harness.get_by_label("Save the hours as a file").accesskit_node().is_disabled());
}

fn festive() -> Table {
    let mut table = with_hours(
        "Mo-Fr 09:00-12:30,13:30-17:00; Sa 10:00-14:00; PH off; Nov Th[4] 10:00-12:00 open \"Thanksgiving Day\"; \
         Dec 24-Jan 02 off \"Winter break\"; Mo[1] 12:00-17:00 open \"Team meeting\"; Jul-Aug Mo-Fr 10:00-15:00",
    );
    table.schedules[0].holidays.except = vec!["Columbus Day".into()];
    table.schedules.push(Schedule {
        id: "bar".into(),
        name: "Bar".into(),
        zone: Some("Europe/Berlin".into()),
        hours: "Mo-Th 18:00-24:00, Fr-Sa 20:00-03:00".into(),
        ..Schedule::default()
    });
    table
}

#[test]
fn pictures() {
    for (name, size, theme) in [
        ("small-light", [792.0, 584.0], Theme::Light),
        ("tall-light", [792.0, 1500.0], Theme::Light),
        ("tall-dark", [792.0, 1500.0], Theme::Dark),
        ("wide-light", [1712.0, 1500.0], Theme::Light),
    ] {
        let mut harness = schedules(festive(), size, theme);
        click(&mut harness, "Edit Office hours");
        if name == "tall-dark" {
            click(&mut harness, "Edit Winter break");
        }
        if name == "wide-light" {
            click(&mut harness, "Edit Team meeting");
        }
        save_picture(&mut harness, &format!("schedules-{name}"));
    }
}
