//! The headers `traceparent` and `tracestate` of the W3C's Trace Context, which connect a run to the trace of whoever asked for it.

use std::sync::Arc;

/// The header, if it is one; the standard says to go on without it where it is not.
pub(crate) fn parse(header: &str) -> Option<Arc<str>> {
    let header = header.trim_matches([' ', '\t']);
    let (version, rest) = header.split_once('-')?;
    let (trace, rest) = rest.split_once('-')?;
    let (parent, rest) = rest.split_once('-')?;
    // What a later version adds stands behind the flags; version 0 ends there.
    let (flags, more) = rest.split_once('-').map_or((rest, None), |(flags, more)| (flags, Some(more)));
    let is_id = |text: &str, digits| is_hex(text, digits) && text.bytes().any(|digit| digit != b'0');
    let fits = is_hex(version, 2)
        && version != "ff"
        && is_id(trace, 32)
        && is_id(parent, 16)
        && is_hex(flags, 2)
        && (version != "00" || more.is_none());
    fits.then(|| header.into())
}

/// The header `tracestate`, if it is one; the standard says to drop all of it where a part of it is wrong.
pub(crate) fn parse_state(header: &str) -> Option<Arc<str>> {
    let members: Vec<&str> =
        header.split(',').map(|member| member.trim_matches([' ', '\t'])).filter(|member| !member.is_empty()).collect();
    let keys = members.iter().map(|member| {
        let (key, value) = member.split_once('=')?;
        (is_key(key) && is_value(value)).then_some(key)
    });
    let mut keys = keys.collect::<Option<Vec<_>>>()?;
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    ((1..=32).contains(&count) && keys.len() == count).then(|| members.join(",").into())
}

/// As in `congo`, or `fw529a3039@dt` for one of several tenants.
fn is_key(key: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@');
    let begins = key.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    begins && key.len() <= 256 && key.bytes().all(fits) && key.bytes().filter(|byte| *byte == b'@').count() <= 1
}

fn is_value(value: &str) -> bool {
    let fits = |byte: u8| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=';
    !value.is_empty() && value.len() <= 256 && value.bytes().all(fits)
}

/// So many digits, in lower case as the standard has it.
fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_state};

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00f067aa0ba902b7";

    #[test]
    fn a_header_by_the_standard_is_taken() {
        for (version, flags) in
            [("00", "01"), ("00", "00"), ("00", "ff"), ("01", "01"), ("cc", "01-what-the-future-brings")]
        {
            let header = format!("{version}-{TRACE}-{PARENT}-{flags}");
            assert_eq!(parse(&header).as_deref(), Some(header.as_str()));
            assert_eq!(parse(&format!(" {header}\t")).as_deref(), Some(header.as_str()));
        }
    }

    #[test]
    fn any_other_is_ignored() {
        let zeros = "0".repeat(32);
        for header in [
            String::new(),
            format!("00-{TRACE}-{PARENT}"),
            format!("00-{TRACE}-{PARENT}-01-more"),
            format!("00-{TRACE}-{PARENT}-01-"),
            format!("ff-{TRACE}-{PARENT}-01"),
            format!("0-{TRACE}-{PARENT}-01"),
            format!("00-{zeros}-{PARENT}-01"),
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
            format!("00-{}-{PARENT}-01", TRACE.to_uppercase()),
            format!("00-{TRACE}0-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-0g"),
            format!("00-{TRACE}-{PARENT}-é"),
        ] {
            assert_eq!(parse(&header), None, "{header}");
        }
    }

    #[test]
    fn a_state_is_taken_as_a_whole_or_not_at_all() {
        let taken = |header: &str| parse_state(header).map(|state| state.to_string());
        assert_eq!(taken("rojo=00f067aa0ba902b7").as_deref(), Some("rojo=00f067aa0ba902b7"));
        assert_eq!(taken(" a=1 ,, fw529a3039@dt=FfD;_-\t").as_deref(), Some("a=1,fw529a3039@dt=FfD;_-"));
        let many = |count: u32| (0..count).map(|key| format!("k{key}=v")).collect::<Vec<_>>().join(",");
        assert_eq!(taken(&many(32)), Some(many(32)));
        for header in
            ["", " , ", "a", "a=", "=1", "A=1", "a=1,b", "a=1,a=2", "a=b=c", "a@b@c=1", "a=é", "é=1", &many(33)]
        {
            assert_eq!(taken(header), None, "{header}");
        }
    }
}
