//! A call's way from bytes to answer, and everything the window asks for meanwhile.
//!
//! [`Engine`] answers calls; [`control`] does what the window asks; [`messages`] is the language
//! between them. [`starters`] are tables to begin with. Sockets are the server's business, drawing is the window's.

pub mod account;
mod answering;
pub mod backtest;
mod breaking;
mod certificates;
mod checking;
pub mod clock;
pub mod control;
mod counting;
mod counts;
pub mod diagnostics;
mod drafting;
pub mod dropping;
mod ending;
mod engine;
mod exporting;
mod feed;
mod heartbeat;
mod history;
mod hours_files;
mod in_flight;
pub mod installing;
pub mod keys;
pub mod knowing;
mod live;
mod log_care;
mod look_ups;
pub mod messages;
mod net;
mod network;
mod noticing;
pub mod numbers;
pub mod old_calls;
mod outages;
pub mod outside;
pub mod overriding;
mod proof;
pub mod publishing;
mod reachable;
mod reaching;
mod receiver;
mod safe_mode;
mod same_call;
mod setting;
mod skew;
mod standing;
pub mod starters;
mod status;
mod test_cases;
mod trying;
mod turns;
mod waking;
pub mod weeks;

pub use answering::call_of;
pub use certificates::{certificate_world, tell_certified};
pub use checking::{Checking, Sources};
pub use clock::Clock;
pub use counts::Counted;
pub use drafting::DraftNews;
pub use engine::{DEADLINE, Engine, Memory};
pub use feed::{Events, Feed};
pub use heartbeat::{Beat, Beating, HEARTBEAT_ADDRESS, Heartbeat, read_watcher};
pub use history::{History, LoggedHistory};
pub use in_flight::InFlight;
pub use live::Live;
pub use look_ups::{BUDGET, LookUpTrace};
pub use network::Network;
pub use noticing::{NoticeReport, Noticing};
pub use outages::{Health, Stretch, Timeline};
pub use proof::{Proof, Prover, Proving};
pub use reachable::{Reachable, Tools, tell_reach};
pub use reaching::reaching;
pub use receiver::{Incoming, Receiver, Reply, Spoiled, SpoiledReason};
pub use safe_mode::SafeMode;
pub use skew::Skew;
pub use standing::{Grade, Known, Standing};
pub use status::{CertificateStatus, Status, Watched, WatcherStatus};
pub use test_cases::{DecidedCall, Tested, expectation, named, run_tests, run_tests_of, to_pin};
pub use trying::{
    Batch, BenchDesk, FileOutcome, FileRequest, FileTried, MOST_AT_ONCE, MOST_CALLERS, MOST_CALLS,
    read_requests, try_call, try_requests,
};
pub use turns::Turns;
pub use waking::Waking;

/// Where Retell sends arriving calls, on our own port.
pub const WEBHOOK_PATH: &str = "/webhook/inbound";
/// Where Retell may tell what became of calls. It exists only while the owner wants it.
pub const EVENTS_PATH: &str = "/webhook/events";
/// The path at which Retell asks about text messages. Each of the two addresses answers what comes,
/// call or text; they differ only in how a request that cannot be read is answered.
pub const TEXTS_PATH: &str = "/webhook/inbound-sms";
