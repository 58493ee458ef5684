//! The headings of Markdown.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The headings of a text, read from its beginning to its end.
pub(super) struct Path(Vec<Heading>);

struct Heading {
    start: usize,
    level: HeadingLevel,
    text: String,
}

impl Path {
    pub(super) fn of(text: &str) -> Self {
        let (mut headings, mut open) = (Vec::new(), None::<Heading>);
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match (event, &mut open) {
                (Event::Start(Tag::Heading { level, .. }), _) => {
                    open = Some(Heading { start: range.start, level, text: String::new() });
                }
                (Event::Text(piece) | Event::Code(piece), Some(heading)) => heading.text.push_str(&piece),
                (Event::SoftBreak | Event::HardBreak, Some(heading)) => heading.text.push(' '),
                (Event::End(TagEnd::Heading(_)), _) => headings.extend(open.take()),
                _ => {}
            }
        }
        Self(headings)
    }

    /// The headings above a place, and one that begins there, the outermost first.
    pub(super) fn at(&self, start: usize) -> Vec<String> {
        let mut path: Vec<&Heading> = Vec::new();
        for heading in self.0.iter().take_while(|heading| heading.start <= start) {
            path.retain(|above| above.level < heading.level);
            path.push(heading);
        }
        path.into_iter().map(|heading| heading.text.clone()).collect()
    }
}
