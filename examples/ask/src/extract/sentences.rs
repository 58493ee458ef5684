//! Cutting a paragraph into sentences, with the offset of each.

use unicode_segmentation::UnicodeSegmentation;

/// A sentence that ends in one of these goes on.
const GOES_ON: &[&str] = &["e.g.", "i.e.", "vs.", "cf.", "etc."];

/// The sentences of a paragraph with their offsets; together they are the whole paragraph.
///
/// A stop inside code (between backticks) or after an abbreviation ends no sentence.
pub(super) fn sentences(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        let end = at + piece.len();
        let Some(so_far) = text.get(start..end) else { continue };
        let inside_code = so_far.matches('`').count() % 2 == 1;
        let goes_on = GOES_ON.iter().any(|short| so_far.trim_end().ends_with(short));
        if (!inside_code && !goes_on) || end == text.len() {
            found.push((start, so_far));
            start = end;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|(_, sentence)| sentence.trim_end()).collect()
    }

    #[test]
    fn stops_in_code_and_abbreviations_end_nothing() {
        assert_eq!(
            texts("Write `a. B` here. Then e.g. This. Done!"),
            ["Write `a. B` here.", "Then e.g. This.", "Done!"]
        );
    }

    #[test]
    fn nothing_is_lost() {
        for text in ["", "One", "One. Two? Three", "An open `tick. Never ends. ", "第一句。第二句。"] {
            assert_eq!(sentences(text).into_iter().map(|(_, sentence)| sentence).collect::<String>(), text);
            assert!(sentences(text).into_iter().all(|(at, sentence)| text[at..].starts_with(sentence)));
        }
    }
}
