//! The answer when nothing was found: what is spelled alike, and what there is to ask about.

use flowc::node;

use crate::{analyse::Query, answer::Answer, index::Index};

/// So many headings are offered.
const TOPICS: usize = 8;
/// How alike two words must be spelled, from 0 (not at all) to 1 (the same).
const ALIKE: f64 = 0.82;

/// Says that the files have nothing, and offers words and headings that they do have.
#[node]
pub fn suggest(index: &Index, query: &Query) -> Answer {
    let terms: Vec<String> = query.terms.iter().map(|term| term.text.clone()).collect();
    let similar = terms.iter().filter_map(|term| Some((term.clone(), most_alike(index, term)?.to_owned()))).collect();
    let mut topics = index.headings();
    topics.truncate(TOPICS);
    Answer::Nothing { terms, similar, topics }
}

fn most_alike<'a>(index: &'a Index, term: &str) -> Option<&'a str> {
    let scored = index.vocabulary().map(|word| (strsim::jaro_winkler(term, word), word));
    let (score, word) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score >= ALIKE).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analyse::analyse, index::build_index, load::Document, question::Question, split::split};

    fn nothing(question: &str) -> [Vec<(String, String)>; 2] {
        let text = "# Maps\n\nA bounded map.\n\n# Workflows\n\nSteps in order.\n";
        let index = build_index(vec![split(Document { name: "a.md".into(), text: text.into() })]);
        match suggest(&index, &analyse(&Question::new(question).unwrap())) {
            Answer::Nothing { similar, topics, .. } => [similar, topics],
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_misspelled_word_gets_the_one_that_was_meant() {
        assert_eq!(nothing("What is a worfklow?")[0], [("worfklow".into(), "workflows".into())]);
        assert_eq!(nothing("Where is Paris?")[0], []);
    }

    #[test]
    fn the_headings_are_offered_with_their_places() {
        assert_eq!(nothing("Paris")[1], [("Maps".into(), "a.md:3".into()), ("Workflows".into(), "a.md:7".into())]);
    }
}
