//! From a question to the terms that are searched for.

use flowc::node;

use crate::{question::Question, words};

/// What is searched for: each stem once, in the order of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The terms; none if the question has only words that say nothing about a subject.
    pub terms: Vec<words::Word>,
}

/// Reduces a question to its terms.
#[node]
pub fn analyse(question: &Question) -> Query {
    let mut terms: Vec<words::Word> = Vec::new();
    for word in words::words(question.as_str()) {
        if terms.iter().all(|term| term.stem != word.stem) {
            terms.push(word);
        }
    }
    Query { terms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subject_of_the_question_is_a_term_once() {
        let query = analyse(&Question::new("How do I bound a map, and who bounds the maps?").unwrap());
        let terms: Vec<_> = query.terms.iter().map(|term| term.text.as_str()).collect();
        assert_eq!(terms, ["bound", "map"]);
    }
}
