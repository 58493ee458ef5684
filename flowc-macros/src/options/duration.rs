//! `"500ms"`, `"1.5s"`, `"1m 30s"`.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

/// The sum of one or more numbers with units; `None` if the text is anything else.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')?;
        let (number, after) = rest.split_at_checked(digits)?;
        let after = after.trim_start();
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters)?;
        sum = sum.checked_add(amount(&number.replace('_', ""), nanoseconds(unit)?)?)?;
        rest = after.trim_start();
    }
    Some(sum)
}

fn nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" | "sec" | "secs" => 1_000_000_000,
        "m" | "min" | "mins" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => return None,
    })
}

/// `number * unit`, exact for what a person writes: whole and fraction are counted apart.
fn amount(number: &str, unit: u64) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = whole.parse().ok()?;
    let mut nanos = u128::from(whole) * u128::from(unit);
    if number.contains('.') {
        let digits: u64 = fraction.parse().ok()?;
        let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        nanos += u128::from(digits) * u128::from(unit) / scale;
    }
    let seconds = u64::try_from(nanos / 1_000_000_000).ok()?;
    let rest = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Duration::new(seconds, rest))
}

/// The duration as a constant expression.
pub(crate) fn tokens(duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(::core::time::Duration::new(#seconds, #nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, millis) in [
            ("500ms", 500),
            ("5s", 5000),
            ("1.5s", 1500),
            ("1m 30s", 90_000),
            ("1m30s", 90_000),
            (" 2 h ", 7_200_000),
            ("0s", 0),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(parse("250us"), Some(Duration::from_micros(250)));
    }

    #[test]
    fn refuses_the_rest() {
        for text in
            ["", " ", "5", "s", "5 parsecs", "-5s", "5s!", "1..5s", ".5s", "1.s", "99999999999999999999d", "5s 3", "ß"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
