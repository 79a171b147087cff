//! The condition `caller.kind`: what kind of number the caller has, as the number itself tells.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::WITHHELD;
use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{
    Aspect, Calendar, Call, Callers, Condition, Facts, Part, Phrase, Region, Table, Values, Verdict,
    number as phone,
};

/// A kind of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NumberKind {
    /// A mobile phone.
    Mobile,
    /// A fixed line.
    Landline,
    /// One of the two, in countries where numbers do not tell which.
    #[serde(skip)]
    MobileOrLandline,
    /// Free for who calls it.
    TollFree,
    /// A phone on the internet.
    Voip,
    /// A company's number that may ring in several places.
    Company,
    /// A person's number that follows them.
    Personal,
    /// Dearer than usual, for the profit of who is called.
    Premium,
    /// Paid for by both sides.
    SharedCost,
    /// A pager.
    Pager,
    /// A voicemail box.
    Voicemail,
}

impl NumberKind {
    /// What the owner can choose, in the order it is offered.
    #[cfg(feature = "desktop")]
    pub(super) const CHOICES: [Self; 10] = [
        Self::Mobile,
        Self::Landline,
        Self::TollFree,
        Self::Voip,
        Self::Company,
        Self::Personal,
        Self::Premium,
        Self::SharedCost,
        Self::Pager,
        Self::Voicemail,
    ];

    /// What a number tells of its kind. The error says that it does not.
    pub(super) fn of(number: &str) -> Result<Self, String> {
        Ok(match phone::kind_of(number) {
            Some(phone::Type::Mobile) => Self::Mobile,
            Some(phone::Type::FixedLine) => Self::Landline,
            Some(phone::Type::FixedLineOrMobile) => Self::MobileOrLandline,
            Some(phone::Type::TollFree) => Self::TollFree,
            Some(phone::Type::Voip) => Self::Voip,
            Some(phone::Type::Uan) => Self::Company,
            Some(phone::Type::PersonalNumber) => Self::Personal,
            Some(phone::Type::PremiumRate) => Self::Premium,
            Some(phone::Type::SharedCost) => Self::SharedCost,
            Some(phone::Type::Pager) => Self::Pager,
            Some(phone::Type::Voicemail) => Self::Voicemail,
            _ => return Err(format!("the number {number} does not tell what kind it is")),
        })
    }

    /// After "the caller's number is".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::MobileOrLandline => "mobile or landline",
            Self::TollFree => "toll-free",
            Self::Voip => "internet phone",
            Self::Company => "company-wide",
            Self::Personal => "personal",
            Self::Premium => "premium rate",
            Self::SharedCost => "shared cost",
            Self::Pager => "pager",
            Self::Voicemail => "voicemail",
        }
    }

    /// As a choice of its own.
    #[cfg(feature = "desktop")]
    pub(super) fn title(self) -> String {
        crate::routing::capital(self.words())
    }
}

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// The kinds it may be.
    #[serde(default)]
    pub(super) kinds: Vec<NumberKind>,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "kind"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "kinds": [NumberKind::Mobile] })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { kinds } = settings::read(settings)?;
        if kinds.is_empty() {
            return Err("no kind of number is chosen; choose at least one".into());
        }
        Ok(Box::new(IsKind { kinds }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::kind_ui(ui, settings);
    }
}

struct IsKind {
    kinds: Vec<NumberKind>,
}

impl Condition for IsKind {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new()
            .plain(if negated { "the caller's number is not " } else { "the caller's number is " })
            .any(self.kinds.iter().map(|kind| kind.words().to_owned()))
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let Some(number) = call.from.number() else {
            return Verdict::known(false, WITHHELD);
        };
        let kind = match NumberKind::of(number) {
            Ok(kind) => kind,
            Err(why) => return Verdict::unknown(why),
        };
        let listed = |kind| self.kinds.contains(&kind);
        let why = format!("the caller's number is {}", kind.words());
        if kind != NumberKind::MobileOrLandline {
            return Verdict::known(listed(kind), why);
        }
        match (listed(NumberKind::Mobile), listed(NumberKind::Landline)) {
            (true, true) => Verdict::known(true, why),
            (false, false) => Verdict::known(false, why),
            _ => Verdict::unknown(format!("{why}, and does not tell which")),
        }
    }

    fn region(&self, _calendar: &Calendar) -> Region {
        let either = NumberKind::MobileOrLandline.words();
        let kinds = self.kinds.iter().map(|kind| kind.words());
        let both = [NumberKind::Mobile, NumberKind::Landline].map(|kind| self.kinds.contains(&kind));
        // A number that does not tell its kind has no words for it.
        let (yes, unknown): (_, &[&str]) = match both {
            [true, true] => (Values::of(kinds.chain([either])), &[""]),
            [false, false] => (Values::of(kinds), &[""]),
            _ => (Values::of(kinds), &["", either]),
        };
        let numbers = || Part::callers(Callers::withheld().complement());
        let kind = Aspect::Named("caller.kind");
        Region {
            yes: vec![numbers().aspect(kind, yes)],
            unknown: vec![numbers().aspect(kind, Values::of(unknown.iter().copied()))],
        }
    }
}
