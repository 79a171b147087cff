//! What is planned, at its time: publishes and ends, also those that came due while the program
//! was off.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Draft, gate};
use crate::service::control::{BROKEN, Control};
use crate::service::live::Live;
use crate::service::messages::{Level, Planned};
use crate::storage::version::{Origin, Remarks, Until};

/// Later than this, something planned is told to be late.
const LATE: TimeDelta = TimeDelta::minutes(1);
/// How long it is waited after the disk refused before something planned is tried again.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// Something that is due.
enum Due {
    Plan(Box<Planned>),
    End(Until),
}

impl Due {
    fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Plan(plan) => plan.at,
            Self::End(until) => until.at,
        }
    }
}

impl Control {
    /// Does what is due: each time round on the control thread, and once before the first call is
    /// answered, for what came due while the program was off. Cheap where nothing is due.
    pub fn keep_time(&mut self) {
        let now = self.clock.now();
        if self.publishing.paused_until.is_some_and(|until| now < until) {
            return;
        }
        self.publishing.paused_until = None;
        let done = catch_unwind(AssertUnwindSafe(|| self.do_what_is_due(now)));
        if let Err(why) = done.unwrap_or_else(|_panic| Err(BROKEN.to_owned())) {
            self.publishing.paused_until = Some(now + PAUSE);
            // Told once, however long it lasts.
            if self.publishing.told.as_ref() != Some(&why) {
                self.alarm(format!("{why}. It is tried again each minute"));
                self.publishing.told = Some(why);
            }
        }
    }

    /// The error is trouble that may pass.
    fn do_what_is_due(&mut self, now: DateTime<Utc>) -> Result<(), String> {
        while let Some(due) = self.next_due(now) {
            match due {
                Due::Plan(plan) => self.publish_planned(*plan, now)?,
                Due::End(until) => self.go_back(until, now)?,
            }
            self.publishing.told = None;
        }
        Ok(())
    }

    /// What is due first: of a plan and an end at the same moment, the plan, as it takes the place
    /// of what would end.
    fn next_due(&self, now: DateTime<Utc>) -> Option<Due> {
        let plans = self.publishing.plans.iter().filter(|plan| plan.failed.is_none());
        let plan = plans.min_by_key(|plan| plan.at).map(|plan| Due::Plan(Box::new(plan.clone())));
        let end = self.publishing.until.filter(|_| !self.publishing.is_stuck).map(Due::End);
        plan.into_iter().chain(end).filter(|due| due.at() <= now).min_by_key(Due::at)
    }

    /// The error is trouble with the disk, which may pass.
    fn publish_planned(&mut self, plan: Planned, now: DateTime<Utc>) -> Result<(), String> {
        let words = self.moment(plan.at);
        // A crash may have come between publishing and taking the plan away.
        let origin = Origin::Planned { plan: plan.id };
        if self.tables.versions().iter().any(|version| version.remarks.origin == origin) {
            return self.drop_plan(plan.id);
        }
        if let Some(until) = plan.until.filter(|until| *until <= now) {
            let why = format!("Was planned for {words}, when the program or the computer was off");
            self.keep_planned(&plan.table, &why)?;
            self.drop_plan(plan.id)?;
            self.alarm(format!(
                "What was planned to be published from {words} until {} was not, as the program or the computer was off then; it is kept among the drafts set aside",
                self.moment(until)
            ));
            return Ok(());
        }
        let live = match Live::build(0, plan.table.clone(), &self.registry) {
            Ok(live) => live,
            Err(problems) => {
                let first = problems.first().map(ToString::to_string).unwrap_or_default();
                return self.give_up(plan.id, &words, &first);
            }
        };
        // They passed when it was planned, but a newer program may decide otherwise.
        let failing = match gate::pass(&live, &plan.despite) {
            Ok(failing) => failing,
            Err(which) => return self.give_up(plan.id, &words, &which),
        };
        let until = plan.until.map(|at| Until {
            at,
            back_to: self.publishing.until.map_or(self.live.version, |until| until.back_to),
        });
        // Without a version to go back to, it would go back to nothing.
        let until = until.filter(|until| until.back_to != 0);
        let remarks = Remarks { note: plan.note, by: plan.by, origin, until, changes: None, failing };
        self.put_live(live, remarks, Draft::Follows)
            .map_err(|why| format!("What was planned for {words} could not be published. {why}"))?;
        if now - plan.at > LATE {
            self.alarm(format!(
                "Version {} was planned for {words} and went live only now, as the program or the computer was off then",
                self.live.version
            ));
        }
        self.drop_plan(plan.id)
    }

    /// Its table no longer works, or not as its test cases want. It stays among the plans, with the
    /// reason.
    fn give_up(&mut self, id: i64, words: &str, why: &str) -> Result<(), String> {
        let mut plans = self.publishing.plans.clone();
        for plan in plans.iter_mut().filter(|plan| plan.id == id) {
            plan.failed = Some(why.to_owned());
        }
        self.save_plans(plans)?;
        self.alarm(format!(
            "What was planned for {words} was NOT published, so version {} goes on answering calls. {why}. Put it in the draft under Versions…, and mend and publish it there",
            self.live.version
        ));
        Ok(())
    }

    /// Back to the version before the one that was live for a time only.
    fn go_back(&mut self, until: Until, now: DateTime<Utc>) -> Result<(), String> {
        let (number, words, ended) = (until.back_to, self.moment(until.at), self.live.version);
        let live = match self.build(number) {
            Ok(live) => live,
            Err(why) => {
                self.publishing.is_stuck = true;
                self.alarm(format!(
                    "Version {ended} was to end on {words} and goes on answering calls, as version {number} cannot come back. {why}"
                ));
                return Ok(());
            }
        };
        let remarks = Remarks { origin: Origin::WentBack { to: number }, ..Remarks::default() };
        self.put_live(live, remarks, Draft::Follows)
            .map_err(|why| format!("Version {ended} was to end on {words}, and could not. {why}"))?;
        let late = if now - until.at > LATE {
            ", later than planned, as the program or the computer was off then"
        } else {
            ""
        };
        let text = format!(
            "Version {ended} ended{late}; calls are answered as by version {number} again, now version {}",
            self.live.version
        );
        if late.is_empty() {
            self.tell(Level::Info, text);
        } else {
            self.alarm(text);
        }
        Ok(())
    }
}
