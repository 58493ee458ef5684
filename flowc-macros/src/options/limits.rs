//! `breaker(failures = 5, window = "30s", cooldown = "10s")` and `rate(calls = 10, per = "1s")`. They are checked here; nothing
//! acts on them yet.

use super::{Entry, each, list, value};
use crate::diag::Diag;
use crate::messages::options as text;

const BREAKER: &str = "breaker(failures = 5, window = \"30s\", cooldown = \"10s\")";
const RATE: &str = "rate(calls = 10, per = \"1s\")";

pub(super) fn breaker(entry: &Entry, diag: &mut Diag) {
    let Some(entries) = list(entry, BREAKER, diag) else { return };
    let mut failures = false;
    each(entries, "`breaker`", &["failures", "window", "cooldown"], diag, |key, entry, diag| match key {
        "failures" => {
            failures = true;
            value::count(&entry, "failures = 5", diag);
        }
        _ => {
            value::some_duration(&entry, &format!("{key} = \"30s\""), diag);
        }
    });
    if !failures {
        diag.at(&entry.key, text::missing("breaker", "failures", BREAKER));
    }
}

pub(super) fn rate(entry: &Entry, diag: &mut Diag) {
    let Some(entries) = list(entry, RATE, diag) else { return };
    let (mut calls, mut per) = (false, false);
    each(entries, "`rate`", &["calls", "per"], diag, |key, entry, diag| {
        if key == "calls" {
            calls = true;
            value::count(&entry, "calls = 10", diag);
        } else {
            per = true;
            value::some_duration(&entry, "per = \"1s\"", diag);
        }
    });
    if !calls || !per {
        diag.at(&entry.key, text::missing("rate", if calls { "per" } else { "calls" }, RATE));
    }
}
