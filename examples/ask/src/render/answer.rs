//! An answer as text.

use std::fmt::Write;

use crate::{
    answer::{Answer, Quote, Source},
    question::Question,
};

use super::{Style, harmless};

/// Prose is wrapped at this column.
const WIDTH: usize = 96;
/// The headings of a source are cut after so many characters.
const TRAIL: usize = 60;

/// The whole text for an answer, ready to be written at once.
pub fn answer(asked: &Question, answer: &Answer, style: Style) -> String {
    let mut text = question(asked, style);
    match answer {
        Answer::Quoted { quotes, sources, unknown } => {
            quoted(&mut text, quotes, style);
            if !unknown.is_empty() {
                paragraph(&mut text, &format!("Not in these files: {}.", listed(unknown)), "");
                text.push('\n');
            }
            listed_sources(&mut text, sources, style);
        }
        Answer::Written { text: reply, model, sources, invented } => {
            written(&mut text, reply);
            signed(&mut text, model, sources, invented, style);
        }
        Answer::Nothing { terms, similar, topics } => nothing(&mut text, terms, similar, topics, style),
    }
    text
}

/// The question above its answer.
pub fn question(question: &Question, style: Style) -> String {
    format!("{}\n\n", style.bold(&harmless(question.as_str())))
}

/// A part of what a model writes, as it comes.
pub fn part(text: &str) -> String {
    harmless(text)
}

/// What is left to be said once the text of a model has been shown as it came.
pub fn rest(answer: &Answer, style: Style) -> String {
    let mut text = "\n\n".to_owned();
    if let Answer::Written { model, sources, invented, .. } = answer {
        signed(&mut text, model, sources, invented, style);
    }
    text
}

/// What stands below the text of a model.
fn signed(text: &mut String, model: &str, sources: &[Source], invented: &[usize], style: Style) {
    if !invented.is_empty() {
        let numbers: Vec<_> = invented.iter().map(|number| format!("[{number}]")).collect();
        let note = format!("The model cites {}, and there is no such source.", numbers.join(", "));
        paragraph(text, &note, "");
        text.push('\n');
    }
    if !sources.iter().any(|source| source.cited) {
        paragraph(text, "The model cites none of the passages it was given; check what it says.", "");
        text.push('\n');
    }
    listed_sources(text, sources, style);
    line(text, &style.dim(&harmless(&format!("Written by {model}."))));
}

fn quoted(text: &mut String, quotes: &[Quote], style: Style) {
    for quote in quotes {
        let words = harmless(&quote.text);
        if quote.code.is_some() {
            for code in words.lines() {
                line(text, &format!("      {}", style.cyan(code)));
            }
        } else {
            paragraph(text, &words, "  > ");
        }
        let place = harmless(&format!("{}:{}", quote.file, quote.line));
        line(text, &format!("    {}\n", style.dim(&format!("[{}] {place}", quote.source))));
    }
}

/// A model's text: its own lines, wrapped where they are prose.
fn written(text: &mut String, reply: &str) {
    let mut code = false;
    for words in harmless(reply).lines() {
        let fence = words.trim_start().starts_with("```");
        code ^= fence;
        if code || fence || words.trim().is_empty() {
            line(text, words);
        } else {
            paragraph(text, words, "");
        }
    }
    text.push('\n');
}

fn nothing(
    text: &mut String,
    terms: &[String],
    similar: &[(String, String)],
    topics: &[(String, String)],
    style: Style,
) {
    let found = if terms.is_empty() {
        "The question has only words that stand in every text; name the thing it is about.".to_owned()
    } else {
        format!("These files say nothing about {}.", listed(terms))
    };
    paragraph(text, &found, "");
    text.push('\n');
    if !similar.is_empty() {
        let pairs: Vec<_> = similar.iter().map(|(asked, there)| format!("`{there}` for `{asked}`")).collect();
        paragraph(text, &format!("Did you mean {}?", harmless(&pairs.join(", "))), "");
        text.push('\n');
    }
    if !topics.is_empty() {
        line(text, &style.bold("What they speak about"));
        let width = topics.iter().map(|(topic, _)| topic.chars().count()).max().unwrap_or(0);
        for (topic, place) in topics {
            let place = style.dim(&harmless(place));
            line(text, &format!("  {:<width$}  {place}", harmless(topic)));
        }
    }
}

fn listed_sources(text: &mut String, sources: &[Source], style: Style) {
    line(text, &style.bold("Sources, best first, with their scores"));
    let places: Vec<_> = sources
        .iter()
        .map(|source| {
            let (first, last) = source.lines;
            let lines = if first == last { first.to_string() } else { format!("{first}-{last}") };
            harmless(&format!("{}:{lines}", source.file))
        })
        .collect();
    let width = places.iter().map(|place| place.chars().count()).max().unwrap_or(0);
    for (source, place) in sources.iter().zip(places) {
        let headings = style.dim(&trail(&source.headings));
        let number = format!("[{}]", source.number);
        let number = if source.cited { style.green(&number) } else { style.dim(&number) };
        line(text, format!("  {number} {:>6.2}  {place:<width$}  {headings}", source.score).trim_end());
    }
}

/// The innermost two headings, cut to what a line holds.
fn trail(headings: &[String]) -> String {
    let inner = headings.get(headings.len().saturating_sub(2)..).unwrap_or(headings);
    let text = harmless(&inner.join(" > "));
    match text.char_indices().nth(TRAIL) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text,
    }
}

/// `a`, `b` and `c`.
fn listed(words: &[String]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{}`", harmless(word))).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

/// Words in lines of [`WIDTH`], each after `margin`; the space at the beginning of the first line is kept.
fn paragraph(text: &mut String, words: &str, margin: &str) {
    let indent: String = words.chars().take_while(|sign| *sign == ' ').collect();
    let mut current = format!("{margin}{indent}");
    let mut empty = true;
    for word in words.split_whitespace() {
        if !empty && current.chars().count() + 1 + word.chars().count() > WIDTH {
            line(text, &current);
            current = format!("{margin}{indent}");
            empty = true;
        }
        if !empty {
            current.push(' ');
        }
        current.push_str(word);
        empty = false;
    }
    line(text, &current);
}

fn line(text: &mut String, words: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{words}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(number: usize, cited: bool) -> Source {
        Source { number, file: "maps.md".into(), lines: (8, 12), headings: vec!["Maps".into()], score: 3.456, cited }
    }

    fn shown(found: &Answer) -> String {
        answer(&Question::new("How do I bound a map?").unwrap(), found, Style::Plain)
    }

    #[test]
    fn a_quote_stands_with_its_place_and_sources_with_their_scores() {
        let quote = |text: &str, code: Option<&str>| Quote {
            text: text.into(),
            code: code.map(str::to_owned),
            source: 1,
            file: "maps.md".into(),
            line: 8,
        };
        let quotes = vec![quote("Write `#[max(n)]`.", None), quote("#[max(8)]\nlet a = 1;", Some("rust"))];
        let text = shown(&Answer::Quoted { quotes, sources: vec![source(1, true)], unknown: vec!["football".into()] });
        let expected = "How do I bound a map?\n\n  > Write `#[max(n)]`.\n    [1] maps.md:8\n\n      #[max(8)]\n      \
                        let a = 1;\n    [1] maps.md:8\n\nNot in these files: `football`.\n\n\
                        Sources, best first, with their scores\n  [1]   3.46  maps.md:8-12  Maps\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_model_that_cites_nothing_or_invents_is_told() {
        let written = |cited, invented| {
            shown(&Answer::Written {
                text: "Use it.".into(),
                model: "tiny".into(),
                sources: vec![source(1, cited)],
                invented,
            })
        };
        assert!(written(false, vec![]).contains("cites none of the passages"));
        assert!(written(true, vec![7]).contains("cites [7], and there is no such source"));
        let good = written(true, vec![]);
        assert!(!good.contains("cites") && good.ends_with("Written by tiny.\n"), "{good}");
    }

    #[test]
    fn nothing_found_is_said_kindly_with_what_there_is() {
        let text = shown(&Answer::Nothing {
            terms: vec!["a".into(), "b".into(), "c".into()],
            similar: vec![("worfklow".into(), "workflow".into())],
            topics: vec![("Maps".into(), "maps.md:3".into())],
        });
        assert!(text.contains("say nothing about `a`, `b` and `c`."), "{text}");
        assert!(
            text.contains("Did you mean `workflow` for `worfklow`?") && text.contains("  Maps  maps.md:3"),
            "{text}"
        );
        assert!(shown(&Answer::Nothing { terms: vec![], similar: vec![], topics: vec![] }).contains("only words"));
    }

    #[test]
    fn long_prose_is_wrapped_and_code_is_not() {
        let long = "word ".repeat(60);
        let text = format!("{long}\n```rust\n{}\n```\n", "x".repeat(200));
        let shown = shown(&Answer::Written { text, model: "m".into(), sources: vec![], invented: vec![] });
        assert!(shown.contains(&"x".repeat(200)));
        assert!(shown.lines().filter(|line| line.contains("word")).all(|line| line.len() <= WIDTH));
    }

    #[test]
    fn files_and_models_cannot_steer_the_terminal() {
        let text = shown(&Answer::Written {
            text: "\x1b[2Jgone\x07".into(),
            model: "\x1b]0;m".into(),
            sources: vec![Source { file: "\x1b.md".into(), ..source(1, true) }],
            invented: vec![],
        });
        assert!(!text.chars().any(|sign| sign.is_control() && sign != '\n'), "{text:?}");
    }
}
