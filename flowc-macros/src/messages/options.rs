//! Texts about options, on nodes and at steps.

/// `a`, `b`, `c`
fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

pub(crate) fn unknown(what: &str, key: &str, similar: Option<&str>, known: &[&str]) -> String {
    let hint = similar.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
    format!("{what} has no option `{key}`\nhelp: {hint}the options are {}", list(known))
}
pub(crate) fn twice(key: &str) -> String {
    format!("`{key}` is given twice\nhelp: remove one of them")
}
pub(crate) fn not_an_option(example: &str) -> String {
    format!("expected the name of an option\nhelp: options have names, as in `{example}`")
}
pub(crate) fn needs_value(key: &str, example: &str) -> String {
    format!("`{key}` needs a value\nhelp: write `{example}`")
}
pub(crate) fn wrong_value(key: &str, expected: &str, example: &str) -> String {
    format!("`{key}` takes {expected}\nhelp: write `{example}`")
}
pub(crate) fn no_value(key: &str) -> String {
    format!("`{key}` takes no value\nhelp: write `{key}` alone")
}
pub(crate) fn needs_list(key: &str, example: &str) -> String {
    format!("`{key}` takes options of its own\nhelp: write `{example}`")
}
pub(crate) fn missing(what: &str, key: &str, example: &str) -> String {
    format!("`{what}` needs `{key}`\nhelp: write `{example}`")
}
/// At least one of several parts is needed.
pub(crate) fn missing_of(what: &str, keys: &[&str], example: &str) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    format!("`{what}` needs {}\nhelp: write `{example}`", keys.join(" or "))
}
/// One part makes sense only beside another.
pub(crate) fn needs(key: &str, other: &str, example: &str) -> String {
    format!("`{key}` needs `{other}` beside it\nhelp: write `{example}`")
}
pub(crate) fn share(key: &str, example: &str) -> String {
    format!("`{key}` is a part of the whole: above 0 and at most 1\nhelp: write `{example}` for one half")
}
pub(crate) fn duration(text: &str) -> String {
    format!(
        "`{text}` is no duration\nhelp: write a number and a unit, as in \"500ms\", \"1.5s\" or \"1m 30s\"; the units are `ns`, \
         `us`, `ms`, `s`, `m`, `h` and `d`"
    )
}
pub(crate) fn zero_duration(key: &str) -> String {
    format!("`{key}` of zero lets nothing happen\nhelp: give it some time, as in \"500ms\" or \"5s\"")
}
pub(crate) const LONG_DURATION: &str = "this is longer than 500 years\nhelp: leave the option out to wait without end";
pub(crate) fn at_least(key: &str, least: &str) -> String {
    format!("`{key}` is at least {least}\nhelp: write `{key} = {least}` or more")
}
pub(crate) fn too_large(key: &str) -> String {
    format!("`{key}` is at most {}\nhelp: write a smaller number", u32::MAX)
}
pub(crate) const BASE_OVER_MAX: &str =
    "the first wait, `base`, is longer than the longest, `max`\nhelp: raise `max`, or lower `base`";
pub(crate) const TOTAL_BELOW_ATTEMPT: &str = "the time for all attempts, `total`, is shorter than that for one, `attempt`\nhelp: raise `total`, or lower `attempt`";
pub(crate) const IDLE_ABOVE_REST: &str =
    "`idle` is longer than the time that there is, so it never ends anything\nhelp: lower `idle`, or leave it out";
pub(crate) const WINDOW_AND_LAST: &str =
    "a breaker looks back over a time, `window`, or over a number of calls, `last`, not both\nhelp: keep one of them";
pub(crate) const SLOW_RATE_ALONE: &str =
    "`slow_rate` needs `slow` beside it\nhelp: say which calls are slow, as in `slow = \"2s\"`";
pub(crate) const MIN_CALLS_OVER_LAST: &str = "the breaker would look at the `last` calls only, and never see as many as `min_calls`\nhelp: raise `last`, or lower `min_calls`";
pub(crate) const FAILURES_OVER_LAST: &str = "the breaker would look at the `last` calls only, and never see as many `failures`\nhelp: raise `last`, or lower `failures`";
pub(crate) fn semver(text: &str) -> String {
    format!(
        "`{text}` is no version\nhelp: write three numbers as in \"1.4.0\", with an addition as in \"2.0.0-beta.1\" if need be"
    )
}
pub(crate) const EMPTY_NAME: &str =
    "a name needs at least one character\nhelp: leave `name` out to use the function's own";
pub(crate) const EMPTY_SHARED_NAME: &str =
    "a name needs at least one character\nhelp: leave `name` out to use that of the node";
