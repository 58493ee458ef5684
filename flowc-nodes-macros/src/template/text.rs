//! The characters of a template that count.

/// Each character with its place in what was written: without the indentation of a literal that begins with a line break, without the
/// line breaks at its ends, and without the carriage returns of a file.
pub(super) fn characters(written: &str, literal: bool) -> Vec<(usize, char)> {
    let indented = literal && (written.starts_with('\n') || written.starts_with("\r\n"));
    let indentation = if indented { common(written) } else { 0 };
    let mut kept = Vec::with_capacity(written.len());
    let mut start = 0;
    for line in written.split_inclusive('\n') {
        let skipped = if start == 0 && indented {
            // The first line break is the end of an empty line.
            line.len()
        } else {
            line.bytes().take(indentation).take_while(|byte| is_blank(*byte)).count()
        };
        kept.extend(line.char_indices().filter(|(at, _)| *at >= skipped).map(|(at, letter)| (start + at, letter)));
        start += line.len();
    }
    if !literal {
        kept.retain(|(_, letter)| *letter != '\r');
    }
    if indented {
        while kept.last().is_some_and(|(_, letter)| *letter == ' ' || *letter == '\t') {
            kept.pop();
        }
    }
    if (indented || !literal) && kept.last().is_some_and(|(_, letter)| *letter == '\n') {
        kept.pop();
    }
    kept
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// The indentation that all lines with something in them have.
fn common(written: &str) -> usize {
    let lines = written.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines.map(|line| line.bytes().take_while(|byte| is_blank(*byte)).count()).min().unwrap_or_default()
}
