//! The options of `#[node(..)]`.

use proc_macro2::{Span, TokenStream};

use crate::diag::Diag;
use crate::messages::{node as say, options as text};
use crate::options::{Entry, POLICIES, Policies, Value, each, entries, flag, list, text as string};

/// Options as written.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) blocking: Option<Span>,
    pub(crate) spawn: Option<Span>,
    /// It is one of flowc's own, which only wait. No option that a user has.
    pub(crate) waits: bool,
    /// It is one of flowc's own, whose first input is made of what the caller gives. No option that a user has.
    pub(crate) lifts: bool,
    pub(crate) policies: Policies,
}

/// `deprecated(since = "..", note = "..")`.
pub(crate) struct Deprecated {
    pub(crate) span: Span,
    pub(crate) since: Option<String>,
    pub(crate) note: Option<String>,
}

pub(crate) fn parse(tokens: TokenStream, diag: &mut Diag) -> Options {
    let mut options = Options::default();
    let text = tokens.to_string();
    let own: Vec<&str> = text.split([',', ' ']).filter(|word| !word.is_empty()).collect();
    if !own.is_empty() && own.iter().all(|word| matches!(*word, "__waits" | "__lifts")) {
        return Options { waits: own.contains(&"__waits"), lifts: own.contains(&"__lifts"), ..options };
    }
    let mut known = vec!["name", "version", "deprecated"];
    known.extend(POLICIES);
    known.extend(["blocking", "spawn"]);
    each(entries(tokens, "#[node(blocking, timeout = \"5s\")]", diag), "a node", &known, diag, |key, entry, diag| {
        match key {
            "name" => options.name = name(&entry, diag),
            "version" => options.version = version(&entry, diag),
            "deprecated" => options.deprecated = Some(deprecated(&entry, diag)),
            "blocking" => options.blocking = flag(&entry, diag).then(|| entry.key.span()),
            "spawn" => options.spawn = flag(&entry, diag).then(|| entry.key.span()),
            _ => options.policies.take(&entry, diag),
        }
    });
    if let (Some(_), Some(spawn)) = (options.blocking, options.spawn) {
        diag.span(spawn, say::BLOCKING_AND_SPAWN);
        options.spawn = None;
    }
    options
}

fn name(entry: &Entry, diag: &mut Diag) -> Option<String> {
    let lit = string(entry, "name = \"search\"", diag)?;
    let name = lit.value();
    if name.trim().is_empty() {
        diag.at(lit, text::EMPTY_NAME);
        return None;
    }
    Some(name)
}

fn version(entry: &Entry, diag: &mut Diag) -> Option<String> {
    let lit = string(entry, "version = \"1.0.0\"", diag)?;
    let version = lit.value();
    if !is_semver(&version) {
        diag.at(lit, text::semver(&version));
        return None;
    }
    Some(version)
}

fn deprecated(entry: &Entry, diag: &mut Diag) -> Deprecated {
    const EXAMPLE: &str = "deprecated(since = \"1.4.0\", note = \"use `find`\")";
    let mut found = Deprecated { span: entry.key.span(), since: None, note: None };
    match &entry.value {
        Value::None => {}
        Value::Is(_) => found.note = string(entry, EXAMPLE, diag).map(|lit| lit.value()),
        Value::List(_) => {
            let entries = list(entry, EXAMPLE, diag).unwrap_or_default();
            each(entries, "`deprecated`", &["since", "note"], diag, |key, entry, diag| {
                let value = string(&entry, EXAMPLE, diag).map(|lit| lit.value());
                if key == "since" {
                    found.since = value;
                } else {
                    found.note = value;
                }
            });
        }
    }
    found
}

/// Three numbers, then `-` and dotted identifiers, then `+` and dotted identifiers.
fn is_semver(text: &str) -> bool {
    let dotted = |text: &str, check: fn(&str) -> bool| text.split('.').all(check);
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let number = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    core.split('.').count() == 3
        && dotted(core, number)
        && pre.is_none_or(|pre| {
            dotted(pre, |part| {
                let numeric = part.chars().all(|c| c.is_ascii_digit());
                !part.is_empty()
                    && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                    && (!numeric || part == "0" || !part.starts_with('0'))
            })
        })
        && build.is_none_or(|build| dotted(build, word))
}

#[cfg(test)]
mod tests {
    use super::is_semver;

    #[test]
    fn knows_versions() {
        for good in ["0.0.0", "1.2.3", "10.20.30", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0+5", "1.0.0-rc.1+build.7"] {
            assert!(is_semver(good), "{good}");
        }
        for bad in ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "v1.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1..3"] {
            assert!(!is_semver(bad), "{bad}");
        }
    }
}
