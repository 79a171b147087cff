#!/usr/bin/env bash
# The promises of SECURITY.md at length: what `cargo test` does a few times, done often. Takes an hour or
# more. Arguments go to cargo, for instance: tests/soak.sh --release
set -euo pipefail
cd "$(dirname "$0")/.."

soak() { # what to do more of, and how often; then cargo's own words
    echo "== $1=$2 ${*:3}"
    env "$1=$2" cargo test --locked "${args[@]}" "${@:3}" -- --nocapture --test-threads 1 | grep -E "^(test |[0-9]|  )" || exit 1
}

args=("$@")
soak SOAK_HEADERS 1000000 --test signature the_header_is_read_as_by_the_reference
soak SOAK_CALLS 100000 --test promises a_flood_of_genuine_calls
soak SOAK_KILLS 100 --test promises kill_9_under_load
SOAK_RINGS=10 soak SOAK_DEATHS 20 --test promises guard::
soak SOAK_STALLED_SECONDS 10 --test promises a_log_that_cannot_be_written
soak SOAK_POWER_SECONDS 30 --test promises every_write_to_the_log
soak SOAK_PUBLISHES 1000 --test promises however_often_one_is_published
soak SOAK_EVERY_BIT 1 --test promises a_flipped_bit
soak SOAK_STILL_SECONDS 10 --test ui_broken while_the_window
soak SOAK_STEADY_SECONDS 1200 --test steady nothing_grows
soak SOAK_BUSY_SECONDS 60 --test steady sixty_calls
ulimit -n 8192
export SOAK_SOCKETS=2000
soak SOAK_FLOOD_SECONDS 60 --test promises slow_and_silent
