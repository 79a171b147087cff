//! What an owner chooses for public holidays: for all of them, and for single ones.

use chrono::NaiveDate;

use super::calendar::Holiday;
use super::days::{Days, When};
use super::plan::{Plan, Row, Special};
use super::weekly::Span;
use crate::routing::Holidays;

/// How many dates of a holiday that follows no rule are written out: one a year.
const DATES: usize = 10;

/// What happens on one public holiday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The same as on all public holidays.
    Same,
    /// It has hours of its own; none: closed.
    Hours(Vec<Span>),
    /// It does not count: hours are those of the week.
    Ignored,
}

impl Plan {
    /// The rule about public holidays, if there is one that can be edited by eye.
    #[must_use]
    pub fn on_holidays(&self) -> Option<&Special> {
        self.specials().find(|special| special.when == When::Holidays)
    }

    /// Sets the hours of public holidays; without any, they are days like others.
    pub fn set_on_holidays(&mut self, hours: Option<Vec<Span>>) {
        let is_rule = |row: &Row| matches!(row, Row::Special(special) if special.when == When::Holidays);
        let at = self.rows.iter().position(is_rule);
        self.rows.retain(|row| !is_rule(row));
        if let Some(hours) = hours {
            let special = Special { when: When::Holidays, hours, name: String::new() };
            self.rows.insert(at.unwrap_or(0), Row::Special(special));
        }
    }

    /// What is chosen for a public holiday.
    #[must_use]
    pub fn choice(&self, settings: &Holidays, holiday: &Holiday) -> Choice {
        match self.specials().find(|special| is_about(special, holiday)) {
            Some(special) => Choice::Hours(special.hours.clone()),
            None if settings.except.iter().any(|name| name == holiday.name) => Choice::Ignored,
            None => Choice::Same,
        }
    }

    /// Chooses for a public holiday; `today` tells which dates are still to come.
    pub fn choose(&mut self, settings: &mut Holidays, holiday: &Holiday, choice: Choice, today: NaiveDate) {
        settings.except.retain(|name| name != holiday.name);
        let is_own = |row: &Row| matches!(row, Row::Special(special) if is_about(special, holiday));
        let at = self.rows.iter().position(is_own);
        match choice {
            Choice::Same => self.rows.retain(|row| !is_own(row)),
            Choice::Ignored => {
                self.rows.retain(|row| !is_own(row));
                settings.except.push(holiday.name.to_owned());
                settings.except.sort_unstable();
            }
            Choice::Hours(hours) => {
                let ahead = |days: &Days| !matches!(days, Days::Once { to, .. } if *to < today);
                let days: Vec<Days> = holiday.days.iter().copied().filter(ahead).take(DATES).collect();
                let special = Special { when: When::Days(days), hours, name: holiday.name.to_owned() };
                let is_rule =
                    |row: &Row| matches!(row, Row::Special(special) if special.when == When::Holidays);
                if let Some(at) = at {
                    self.rows[at] = Row::Special(special);
                } else {
                    // After the rule about all holidays, which it is to win over.
                    let after = self.rows.iter().position(is_rule).map_or(0, |rule| rule + 1);
                    self.rows.insert(after, Row::Special(special));
                }
            }
        }
    }

    /// The same hours for a reader that does not know which holidays are left out: they are named day
    /// by day where the text alone would say too much.
    #[must_use]
    pub fn spelled_out(&self, settings: &Holidays, holidays: &[Holiday], today: NaiveDate) -> Self {
        let mut plan = self.clone();
        if settings.except.is_empty() {
            return plan;
        }
        let counts = |holiday: &&Holiday| !settings.except.iter().any(|name| name == holiday.name);
        let ahead = |days: &Days| !matches!(days, Days::Once { to, .. } if *to < today);
        let days = holidays.iter().filter(counts).flat_map(|holiday| holiday.days.iter().copied());
        let days: Vec<Days> = days.filter(ahead).collect();
        for row in &mut plan.rows {
            if let Row::Special(special) = row
                && special.when == When::Holidays
                && !days.is_empty()
            {
                special.when = When::Days(days.clone());
            }
        }
        plan
    }
}

/// Whether a special day is this public holiday.
fn is_about(special: &Special, holiday: &Holiday) -> bool {
    special.when != When::Holidays && special.name == holiday.name
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::calendar;
    use super::*;

    #[test]
    fn holidays_are_chosen_and_given_back() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let all = calendar::holidays("US", None).unwrap();
        let named = |name: &str| all.iter().find(|holiday| holiday.name == name).unwrap();
        let mut plan =
            Plan::parse("Mo-Fr 09:00-17:00; Dec 31 off \"Own\"; Jul-Aug Mo-Fr 10:00-15:00").unwrap();
        let mut settings = Holidays::default();
        let short = vec![Span { day: 0, from_min: 600, to_min: 720 }];
        let mut after = |name: &str, choice: Choice| {
            let holiday = named(name);
            plan.choose(&mut settings, holiday, choice.clone(), today);
            assert_eq!(plan.choice(&settings, holiday), choice);
            if plan.on_holidays().is_none() {
                plan.set_on_holidays(Some(Vec::new()));
            }
            (plan.write(), settings.except.join(", "))
        };
        let rest = "Dec 31 off \"Own\"; Jul-Aug Mo-Fr 10:00-15:00";
        for (name, choice, text, except) in [
            ("Columbus Day", Choice::Ignored, "PH off; ", "Columbus Day"),
            (
                "Thanksgiving Day",
                Choice::Hours(short.clone()),
                "PH off; Nov Th[4] 10:00-12:00 open \"Thanksgiving Day\"; ",
                "Columbus Day",
            ),
            ("Thanksgiving Day", Choice::Same, "PH off; ", "Columbus Day"),
            ("Columbus Day", Choice::Hours(Vec::new()), "PH off; Oct Mo[2] off \"Columbus Day\"; ", ""),
            ("Columbus Day", Choice::Same, "PH off; ", ""),
            (
                "Christmas Day (observed)",
                Choice::Hours(Vec::new()),
                "PH off; 2027 Dec 24,2032 Dec 24,2033 Dec 26,2038 Dec 24,2039 Dec 26,2044 Dec 26 off \"Christmas Day (observed)\"; ",
                "",
            ),
        ] {
            let (written, left_out) = after(name, choice);
            assert_eq!(written, format!("Mo-Fr 09:00-17:00; {text}{rest}"), "{name}");
            assert_eq!(left_out, except, "{name}");
        }
        plan.set_on_holidays(None);
        assert!(!plan.write().contains("PH"));
    }

    #[test]
    fn left_out_holidays_are_spelled_out_for_others() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let plan = Plan::parse("Mo-Fr 09:00-17:00; PH off").unwrap();
        let all = calendar::holidays("DE", None).unwrap();
        let settings = Holidays { except: vec!["Labor Day".into()], ..Holidays::default() };
        assert_eq!(plan.spelled_out(&Holidays::default(), &all, today), plan);
        assert_eq!(
            plan.spelled_out(&settings, &all, today).write(),
            "Mo-Fr 09:00-17:00; Jan 01,Oct 03,Dec 25,Dec 26,easter +1 day,easter +39 days,easter +50 days,easter -2 days off"
        );
    }
}
