//! The ground floor: calls, facts, tables, rules, and deciding.
//!
//! Pure. Nothing here reads a disk, a network, a clock or a window, and no plugin is named:
//! the registry is handed in as a [`Vocabulary`], the time as an argument.

mod agent;
mod agent_defaults;
mod agent_settings;
mod asked;
mod call;
mod call_end;
pub mod checks;
mod choice;
mod compile;
mod compiled;
mod condition;
mod decide;
mod diff;
mod fact;
mod hidden_number;
mod hindsight;
mod index;
mod near;
pub mod number;
mod outcome;
mod overrides;
mod period;
mod phrase;
mod problem;
mod reading;
mod region;
mod rule;
mod safe_text;
mod table;
mod template;
mod test_case;
mod trace;
pub mod variable;
pub mod week;

pub use agent::{Agent, NeededVariable};
pub use agent_settings::{
    LANGUAGES, SETTINGS, Setting, SettingKind, SettingPart, WrongSetting, check_settings, check_value,
    duration_words, settings_words,
};
pub use call::{Call, Caller, Medium};
pub use call_end::CallEnd;
pub use choice::{Choice, Chosen, Pick, Share, Sharer, Turn};
pub use compile::compile;
pub use compiled::Compiled;
pub use condition::{Answer, Condition, Verdict, Vocabulary};
pub use decide::Detail;
pub use diff::{About, Change, ChangeKind, Counts, changes, count};
pub use fact::{Facts, Kind, Value};
pub use hidden_number::{hidden_number, without_number};
pub use near::near;
pub use outcome::{Action, AgentVersion, Object, Outcome};
pub use overrides::{
    Ended, OVERRIDES_FORMAT, Override, Overrides, Ruling, Until, What, Wish, closed_outcome, left,
    moment_near, read_from, read_until, who_answers,
};
pub use period::{Period, Phase, Wrong, moment_short, moment_words, read_moment, write_moment};
pub use phrase::{Phrase, capital, grouped};
pub use problem::Problem;
pub use reading::{syntax_words, value_words};
pub use region::{
    Aspect, Calendar, CallerKey, CallerPart, Callers, Calls, Part, Ranges, Region, Times, Values, WallSpan,
};
pub use rule::{AnyOf, Rule, Test};
pub use safe_text::{safe_lines, safe_text};
pub(crate) use table::is_default;
pub use table::{
    Counting, Entry, FORMAT, Holidays, Line, List, Schedule, Table, UsedLookUp, fresh_id, fresh_name,
};
pub use template::Template;
pub use test_case::{Expected, ExpectedBy, ExpectedOutcome, TestCase};
pub use trace::{By, Decided, Decision, GroupTrace, RuleTrace, RuleVerdict, TestTrace};
