//! Texts that cannot change a terminal.

/// A text for a terminal: further lines are indented, and a text from elsewhere, such as that of a node's error, cannot move the
/// cursor or change colours.
pub(super) fn clean(text: &str, indent: usize) -> String {
    let mut shown = String::new();
    for letter in text.trim_end().chars() {
        match letter {
            '\n' => {
                shown.push('\n');
                shown.extend(std::iter::repeat_n(' ', indent));
            }
            '\t' => shown.push(' '),
            control if control.is_control() => shown.extend(control.escape_default()),
            other => shown.push(other),
        }
    }
    shown
}
