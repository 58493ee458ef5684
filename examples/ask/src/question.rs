//! The question, checked once so that no step has to.

use std::fmt;

use thiserror::Error;

/// The most characters a question may have; more is a pasted document and no question.
pub const MAX_CHARS: usize = 2_000;

/// A question that has at least one word and is not endless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question(String);

impl Question {
    /// Takes the text as typed and refuses what cannot be a question.
    ///
    /// # Errors
    /// [`QuestionError`] if there is no word in it, or if it is longer than [`MAX_CHARS`].
    ///
    /// ```
    /// use ask::question::Question;
    ///
    /// assert_eq!(Question::new("  How do I\nbound a map? ").unwrap().as_str(), "How do I bound a map?");
    /// assert!(Question::new(" ?! ").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, QuestionError> {
        let chars = text.chars().count();
        if chars > MAX_CHARS {
            return Err(QuestionError::TooLong { chars });
        }
        if !text.chars().any(char::is_alphanumeric) {
            return Err(QuestionError::Empty);
        }
        Ok(Self(text.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    /// The text, with single spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum QuestionError {
    /// Nothing to look for.
    #[error("the question is empty; write it after the options, for example `ask \"How do I bound a map?\"`")]
    Empty,
    /// More than [`MAX_CHARS`].
    #[error("the question has {chars} characters and at most {MAX_CHARS} are taken; ask for one thing at a time")]
    TooLong {
        /// How many it has.
        chars: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_space_or_signs_is_refused() {
        for text in ["", "   ", "\n\t", "?", " -- ?! "] {
            assert_eq!(Question::new(text), Err(QuestionError::Empty), "{text:?}");
        }
    }

    #[test]
    fn a_question_in_any_script_is_taken() {
        for text in ["Wie begrenze ich eine Schleife?", "如何限制循环？", "42"] {
            assert_eq!(Question::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn the_longest_question_is_taken_and_one_more_character_is_not() {
        assert!(Question::new(&"é".repeat(MAX_CHARS)).is_ok());
        assert_eq!(Question::new(&"é".repeat(MAX_CHARS + 1)), Err(QuestionError::TooLong { chars: MAX_CHARS + 1 }));
    }
}
