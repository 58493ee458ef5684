//! Words of the display.

/// `1 item`, `3 items`.
pub(super) fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

const BAR: u64 = 12;

/// How far something is, as a bar and in percent.
pub(super) fn bar(done: u64, total: u64) -> String {
    let done = done.min(total);
    // 0 of 0 is all there is to do.
    let part = |of: u64| done.saturating_mul(of).checked_div(total).unwrap_or(of);
    let full = part(BAR);
    let (full_text, rest) = (repeat('━', full), repeat('╌', BAR - full.min(BAR)));
    format!("{full_text}{rest} {:>3}%", part(100))
}

fn repeat(letter: char, times: u64) -> String {
    (0..times).map(|_| letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_one_length() {
        assert_eq!(bar(0, 10), "╌╌╌╌╌╌╌╌╌╌╌╌   0%");
        assert_eq!(bar(5, 10), "━━━━━━╌╌╌╌╌╌  50%");
        assert_eq!(bar(11, 10), "━━━━━━━━━━━━ 100%");
        assert_eq!(bar(0, 0), "━━━━━━━━━━━━ 100%");
    }
}
