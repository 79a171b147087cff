//! What rules are made of: the contract, the registry, and one folder for each built-in plugin.
//!
//! To add a built-in plugin, add its folder (`mod.rs` with `pub fn plugin()`, `plugin.toml`,
//! `editor.rs`) and one name to the list below. Nothing else changes.

mod breaker;
mod contract;
pub mod dates;
pub mod dropped;
#[cfg(feature = "desktop")]
mod editing;
#[cfg(feature = "desktop")]
mod editing_reach;
mod inspection;
mod lot;
mod news;
pub mod reach;
mod registry;
mod secrets;
mod settings;
mod spoken;
pub mod web;

use contract::unmarked;
pub use contract::{
    Ask, CONTRACT, CONTRACTS, CallHistory, ChoiceContext, ChoiceInfo, ChoiceKind, CompileContext,
    ConditionInfo, ConditionKind, FactInfo, Fault, Found, Host, Look, LookUp, LookUpKind, Manifest, Notice,
    NoticeCall, NoticeKind, NoticeOf, Offer, OpenLookUp, PastCall, PastEnd, People, Person, Plugin, Telling,
    Turns,
};
#[cfg(feature = "desktop")]
pub use contract::{EditorContext, LookUpEditor, LookUpWish};
pub use inspection::{Column, Health, Inspection, Sample, Tested};
pub use news::{News, NewsOf};
pub use registry::{ChoiceEntry, ConditionEntry, Registry};
pub use secrets::Secrets;
pub use web::Web;

/// Declares the built-in plugins: a module each, and one list of them all.
macro_rules! built_in {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*

        /// Every built-in plugin, in the order the window lists them.
        fn built_in() -> Vec<Box<dyn Plugin>> {
            vec![$(Box::new($name::plugin())),*]
        }
    };
}

built_in! {
    caller, line, hours, lists, contacts, history, shares, call, fact, http, own_address, cloudflare, ngrok,
    tailscale, notify_desktop, notify_mail, notify_web, notify_sound,
}
