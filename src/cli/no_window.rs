//! No command, in a program that was built without a window: it answers calls.

use super::running::Ended;
use super::{Args, Failure, serve};
use crate::guard::Guarded;

pub(super) fn run(args: &Args, guarded: Guarded) -> Result<Ended, Failure> {
    serve::run(args, &serve::ServeArgs::default(), guarded)
}
