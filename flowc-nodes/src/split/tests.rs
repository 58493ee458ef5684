#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

/// Texts with what pieces are told by: paragraphs, headings, fences, and characters of several bytes.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z]{1,12}",
        Just(" ".to_owned()),
        Just(". ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n\n# Title\n\n".to_owned()),
        Just("\n\n## Deep\n\n".to_owned()),
        Just("\n```\n# no title\n```\n".to_owned()),
        Just("é漢👩‍👩‍👧 ".to_owned()),
        "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// What holds for all pieces of a text.
fn holds(text: &str, chunks: &[Chunk], options: SplitOptions) {
    let mut covered = vec![false; text.len()];
    for chunk in chunks {
        assert_eq!(text.get(chunk.range.clone()), Some(chunk.text.as_str()));
        assert!(options.unit.count(&chunk.text) <= options.size || chunk.text.chars().count() == 1, "{chunk:?}");
        covered[chunk.range.clone()].fill(true);
    }
    let lost = text.char_indices().find(|(at, char)| !char.is_whitespace() && !covered[*at]);
    assert_eq!(lost, None, "{text:?} {chunks:?}");
    assert!(chunks.windows(2).all(|pair| pair[0].range.start < pair[1].range.start), "{chunks:?}");
}

proptest! {
    #[test]
    fn pieces_cover_the_text_and_none_is_too_large(text in text(), size in 1_usize..80, overlap in 0_usize..80) {
        let options = SplitOptions::characters(size).overlap(overlap % size);
        let document = Document::new("a", text);
        holds(&document.text, &split_text(&document, &options).unwrap(), options);
        holds(&document.text, &split_markdown(&document, &options).unwrap(), options);
    }

    #[cfg(feature = "tokens")]
    #[test]
    fn so_do_pieces_of_tokens(text in text(), size in 4_usize..40, overlap in 0_usize..40) {
        let options = SplitOptions::tokens(size, Vocabulary::Cl100kBase).overlap(overlap % size);
        let document = Document::new("a", text);
        holds(&document.text, &split_text(&document, &options).unwrap(), options);
    }

    #[cfg(feature = "code")]
    #[test]
    fn so_do_pieces_of_code(text in text(), size in 1_usize..80) {
        let options = SplitOptions::characters(size);
        let document = Document::new("a", text);
        holds(&document.text, &split_code(&document, &CodeLanguage::Python, &options).unwrap(), options);
    }
}

#[test]
fn options_that_cannot_be_meant_are_refused() {
    let document = Document::new("a", "some words");
    for (options, said) in [
        (SplitOptions::characters(0), "the size of the pieces is 0; give `size` at least 1"),
        (
            SplitOptions::characters(5).overlap(5),
            "the overlap of 5 is not smaller than the size of 5; make `overlap` smaller, or `size` larger",
        ),
    ] {
        assert_eq!(split_text(&document, &options).unwrap_err().to_string(), said);
        assert_eq!(split_markdown(&document, &options).unwrap_err().to_string(), said);
    }
}

#[test]
fn an_overlap_says_the_end_again() {
    let document = Document::new("a", "one two three four five six");
    let chunks = split_text(&document, &SplitOptions::characters(13).overlap(6)).unwrap();
    assert!(chunks.windows(2).any(|pair| pair[1].range.start < pair[0].range.end), "{chunks:?}");
}

#[test]
fn a_piece_that_another_one_holds_is_left_out() {
    let document = Document::new("a", " \nAaAAaaAAaAAa\naa ");
    let chunks = split_text(&document, &SplitOptions::characters(15).overlap(12)).unwrap();
    assert_eq!((chunks.len(), chunks[0].range.clone()), (1, 2..17));
}

#[test]
fn headings_end_with_the_next_of_their_level_and_fences_have_none() {
    let text = "# A `b`\n\nfirst\n\n## B\n\n```\n# none\n```\n\n# C\n\nlast";
    let chunks = split_markdown(&Document::new("a.md", text), &SplitOptions::characters(14)).unwrap();
    let path = |words: &str| chunks.iter().find(|chunk| chunk.text.contains(words)).unwrap().headings.join("/");
    assert_eq!((path("first"), path("none"), path("last")), ("A b".into(), "A b/B".into(), "C".into()));
}

#[cfg(feature = "tokens")]
#[test]
fn tokens_are_those_of_the_vocabulary() {
    // As OpenAI's own tokenizer counts them.
    assert_eq!(Unit::Tokens(Vocabulary::Cl100kBase).count("tiktoken is great!"), 6);
}
