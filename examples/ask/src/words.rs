//! Words in the form in which questions and documents are compared.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// A word and what it is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word in small letters.
    pub text: String,
    /// Its stem: `bounded`, `bounding` and `bounds` share one.
    pub stem: String,
}

/// The words of prose or of code, without those that say nothing about a subject.
///
/// What stands between backticks is code and keeps all its words: the `for` of `` `for` `` is a subject. A name like
/// `run_blocking` or `GraphSpec` counts as a whole and by its parts.
///
/// ```
/// let stems: Vec<_> = ask::words::words("How do I bound `for`?").into_iter().map(|word| word.stem).collect();
/// assert_eq!(stems, ["bound", "for"]);
/// ```
pub fn words(text: &str) -> Vec<Word> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut found = Vec::new();
    for (number, stretch) in text.split('`').enumerate() {
        let code = number % 2 == 1;
        for token in stretch.unicode_words() {
            for name in token.split(['.', ':', '\'', '’']) {
                push(&stemmer, name, code, &mut found);
            }
        }
    }
    found
}

fn push(stemmer: &Stemmer, name: &str, code: bool, found: &mut Vec<Word>) {
    let parts = parts(name);
    if parts.len() > 1 {
        let whole = name.to_lowercase();
        found.push(Word { stem: whole.clone(), text: whole });
    }
    for part in parts {
        let text = part.to_lowercase();
        let says_something = code || COMMON.binary_search(&text.as_str()).is_err();
        let letter = text.is_ascii() && text.len() < 2 && !text.bytes().all(|byte| byte.is_ascii_digit());
        if says_something && !letter {
            let stem = stemmer.stem(&text).into_owned();
            found.push(Word { text, stem });
        }
    }
}

/// The parts of a name: between underscores, and before a capital that follows a small letter.
fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for piece in name.split('_') {
        let mut rest = piece;
        let mut before = None;
        for (at, letter) in piece.char_indices() {
            if letter.is_uppercase() && before.is_some_and(char::is_lowercase) {
                let cut = at - (piece.len() - rest.len());
                let (part, next) = rest.split_at(cut);
                parts.push(part);
                rest = next;
            }
            before = Some(letter);
        }
        parts.push(rest);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// English words that carry no subject, with the halves that an apostrophe leaves; sorted, for they are looked up.
const COMMON: &[&str] = &[
    "a", "about", "all", "also", "am", "an", "and", "any", "are", "aren", "as", "at", "be", "been", "but", "by", "can",
    "cannot", "could", "couldn", "did", "didn", "do", "does", "doesn", "doing", "don", "each", "for", "from", "get",
    "had", "happen", "happens", "has", "hasn", "have", "haven", "he", "her", "here", "him", "his", "how", "i", "if",
    "in", "into", "is", "isn", "it", "its", "just", "like", "ll", "made", "make", "makes", "many", "may", "me",
    "might", "more", "most", "much", "must", "my", "need", "no", "nor", "not", "of", "on", "one", "only", "or",
    "other", "our", "out", "please", "re", "she", "should", "shouldn", "so", "some", "such", "tell", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "us", "use", "used",
    "uses", "using", "ve", "very", "want", "was", "wasn", "way", "we", "were", "what", "when", "where", "which", "who",
    "why", "will", "with", "won", "would", "wouldn", "you", "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        assert_eq!(stems("bound bounded bounding bounds"), ["bound"; 4]);
    }

    #[test]
    fn common_words_go_unless_they_are_code() {
        assert_eq!(stems("What is it for?"), [""; 0]);
        assert_eq!(stems("What does `for` do if I don't stop?"), ["for", "stop"]);
    }

    #[test]
    fn the_common_words_are_sorted() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn a_name_counts_whole_and_by_its_parts() {
        assert_eq!(stems("run_blocking"), ["run_blocking", "run", "block"]);
        assert_eq!(stems("GraphSpec"), ["graphspec", "graph", "spec"]);
        assert_eq!(stems("HTTPServer v2"), ["httpserver", "v2"]);
        assert_eq!(stems("flowc::Failure"), ["flowc", "failur"]);
    }

    #[test]
    fn other_scripts_have_words_too() {
        assert_eq!(stems("Größe"), ["größe"]);
        assert!(!stems("如何限制").is_empty());
    }

    #[test]
    fn an_open_backtick_does_no_harm() {
        assert_eq!(stems("the `loop"), ["loop"]);
    }
}
