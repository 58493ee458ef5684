//! The command line.

use std::{ffi::OsString, path::PathBuf};

use lexopt::prelude::*;
use thiserror::Error;

use crate::question::{Question, QuestionError};

/// What `ask --help` prints.
pub const HELP: &str = include_str!("help.txt");

/// What the user wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The help text.
    Help,
    /// The version.
    Version,
    /// A drawing of the workflow.
    Graph(GraphFormat),
    /// An answer.
    Ask(Ask),
}

/// A question and where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The question.
    pub question: Question,
    /// The folder; the guide if none is given.
    pub folder: Option<PathBuf>,
    /// Whether steps are shown.
    pub progress: ShowProgress,
}

/// Whether steps are shown while they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowProgress {
    /// On stderr.
    Yes,
    /// Not at all.
    No,
}

/// The language of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// Mermaid text.
    Mermaid,
    /// Graphviz text.
    Dot,
    /// A picture.
    Svg,
}

/// What is wrong with the command line.
#[derive(Debug, Error)]
pub enum ArgsError {
    /// An unknown option, or one without its value.
    #[error("{0}; see `ask --help`")]
    Option(#[from] lexopt::Error),
    /// A drawing in another language.
    #[error("`--graph {0}` is not known; choose `mermaid`, `dot` or `svg`")]
    Graph(String),
    /// A question and a drawing at once.
    #[error("`--graph` draws the workflow and answers nothing; leave out the question or `--graph`")]
    GraphAndQuestion,
    /// The question does not do.
    #[error(transparent)]
    Question(#[from] QuestionError),
}

/// Reads the arguments, without the program's name.
///
/// # Errors
/// [`ArgsError`], with what to write instead.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, ArgsError> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut words: Vec<String> = Vec::new();
    let (mut folder, mut graph, mut progress) = (None, None, ShowProgress::Yes);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Short('f') | Long("folder") => folder = Some(PathBuf::from(parser.value()?)),
            Short('g') | Long("graph") => graph = Some(format(&parser.value()?.string()?)?),
            Short('q') | Long("quiet") => progress = ShowProgress::No,
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let text = words.join(" ");
    match graph {
        Some(_) if !text.is_empty() => Err(ArgsError::GraphAndQuestion),
        Some(format) => Ok(Command::Graph(format)),
        None => Ok(Command::Ask(Ask { question: Question::new(&text)?, folder, progress })),
    }
}

fn format(name: &str) -> Result<GraphFormat, ArgsError> {
    match name {
        "mermaid" => Ok(GraphFormat::Mermaid),
        "dot" => Ok(GraphFormat::Dot),
        "svg" => Ok(GraphFormat::Svg),
        other => Err(ArgsError::Graph(other.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Command, ArgsError> {
        parse(arguments.iter().map(OsString::from))
    }

    fn asked(arguments: &[&str]) -> Ask {
        match parsed(arguments).unwrap() {
            Command::Ask(ask) => ask,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_question_needs_no_quotes() {
        for arguments in [&["How do I bound a map?"][..], &["How", "do", "I", "bound", "a", "map?"]] {
            assert_eq!(asked(arguments).question.as_str(), "How do I bound a map?");
        }
    }

    #[test]
    fn options_stand_anywhere() {
        let ask = asked(&["-q", "What", "--folder", "docs", "is it?"]);
        assert_eq!((ask.question.as_str(), ask.folder), ("What is it?", Some(PathBuf::from("docs"))));
        assert_eq!(ask.progress, ShowProgress::No);
        assert_eq!(asked(&["--", "--help?"]).question.as_str(), "--help?");
    }

    #[test]
    fn what_is_wrong_is_said_with_the_way_out() {
        for (arguments, message) in [
            (&[][..], "the question is empty"),
            (&[" "], "the question is empty"),
            (&["--foldr", "x"], "--foldr"),
            (&["--folder"], "--folder"),
            (&["--graph", "png"], "choose `mermaid`, `dot` or `svg`"),
            (&["--graph", "svg", "What?"], "leave out the question or `--graph`"),
        ] {
            let error = parsed(arguments).unwrap_err().to_string();
            assert!(error.contains(message), "{arguments:?}: {error}");
        }
    }

    #[test]
    fn help_version_and_drawing_need_no_question() {
        assert_eq!(parsed(&["-h"]).unwrap(), Command::Help);
        assert_eq!(parsed(&["--version"]).unwrap(), Command::Version);
        assert_eq!(parsed(&["--graph=dot"]).unwrap(), Command::Graph(GraphFormat::Dot));
    }

    #[test]
    fn the_help_tells_of_every_option_and_setting() {
        for word in ["--folder", "--graph", "--quiet", "--help", "--version"] {
            assert!(HELP.contains(word), "{word}");
        }
        for setting in ["ASK_MODEL_URL", "ASK_MODEL ", "ASK_EMBEDDING_MODEL", "ASK_API_KEY", "ASK_TIMEOUT", "NO_COLOR"]
        {
            assert!(HELP.contains(setting), "{setting}");
        }
    }
}
