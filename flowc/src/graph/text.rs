//! Text as drawings need it: cleaned, shortened, measured, escaped.

use std::fmt::Write as _;

/// One line of visible text: white space collapsed, and characters that would be invisible, turn the
/// reading direction or be illegal in XML made visible as U+FFFD.
pub(super) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(|c| if hidden(c) { '\u{FFFD}' } else { c }));
    }
    out
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{61C}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// [`line()`], cut to `max` characters with an ellipsis.
pub(super) fn short(text: &str, max: usize) -> String {
    let text = line(text);
    if text.chars().count() <= max {
        return text;
    }
    let mut out: String = text.chars().take(max.saturating_sub(1)).collect();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// [`line()`], cut with an ellipsis so that at `size` pixels it is no wider than `room`.
pub(super) fn fit(text: &str, size: f64, room: f64) -> String {
    let text = line(text);
    if width(&text, size) <= room {
        return text;
    }
    let mut left = room - width("…", size);
    let kept = text.chars().take_while(|&c| {
        left -= f64::from(advance(c)) * size / 1000.0;
        left >= 0.0
    });
    let mut out: String = kept.collect();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// The width of a line at `size` pixels. An upper bound for the usual sans-serif faces: the picture
/// is drawn with whatever face the reader has, and a wider one must not make texts overlap.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let thousandths: u32 = text.chars().map(advance).sum();
    f64::from(thousandths) * size / 1000.0
}

/// The advance of one character in thousandths of the font's size.
fn advance(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | '\'' => 300,
        ' ' | ',' | '.' | ':' | ';' | '/' | '\\' | '|' | '-' | '·' => 400,
        'f' | 'r' | 't' | 'I' | '!' | '(' | ')' | '[' | ']' | '"' => 460,
        'c' | 's' | 'z' | 'J' | '?' | '*' | '`' => 560,
        'w' | '+' | '<' | '>' | '=' | '~' | '#' | '^' | '&' => 840,
        'm' | 'M' | 'W' | '%' | '@' => 1000,
        'a'..='z' | '0'..='9' | '_' | '$' | '{' | '}' | 'E' | 'F' | 'L' => 640,
        'A'..='Z' => 790,
        // Marks that stand on the letter before them.
        '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' => 0,
        '\u{0}'..='\u{58F}' => 900,
        '\u{590}'..='\u{FFFF}' => 1050,
        _ => 1400,
    }
}

/// Escapes cleaned text for XML, in content and in attribute values.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Escapes cleaned text for a quoted string of DOT, which reads both backslashes and HTML entities.
pub(super) fn dot(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

/// Escapes cleaned text for a quoted label of Mermaid.
///
/// Mermaid reads a label several times: for directives, for its own `#code;` entities, as Markdown, for
/// icons, for mathematics and at last as HTML. Whatever any of these could take for its own is written
/// as an entity; plain names and punctuation stay readable.
pub(super) fn mermaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        if plain(before, c, rest) {
            out.push(c);
        } else {
            let named = match c {
                '<' => "lt",
                '>' => "gt",
                '&' => "amp",
                '"' => "quot",
                _ => "",
            };
            if named.is_empty() {
                let _ = write!(out, "#{};", u32::from(c));
            } else {
                let _ = write!(out, "#{named};");
            }
        }
        // Icons and mathematics are looked for after the entities are read: only an unseen joiner parts them.
        if (c == '$' && rest.starts_with('$')) || (c == ':' && rest.starts_with("fa-")) {
            out.push('\u{2060}');
        }
        before = c;
    }
    out
}

/// Whether `c` means only itself to Mermaid between `before` and `rest`.
fn plain(before: char, c: char, rest: &str) -> bool {
    let next = rest.chars().next().unwrap_or(' ');
    match c {
        // Mermaid's own stand-ins for entities.
        'ﬂ' | '¶' => false,
        // `style …: …#…;` and `classDef …` lose their last `;` to a rule meant for colours.
        's' => !rest.starts_with("tyle"),
        'c' => !rest.starts_with("lassDef"),
        // Links: `https://…`, `www.…`.
        ':' => !rest.starts_with('/'),
        // `1.` and `1)` open a list, `www.` a link.
        '.' | ')' => !matches!(before, 'w' | 'W') && (!before.is_ascii_digit() || next != ' '),
        // Emphasis only where it stands at the edge of a word.
        '_' => before.is_alphanumeric() && next.is_alphanumeric(),
        // A list only where it stands before a space.
        '-' => before != ' ' && next != ' ',
        ' ' | ',' | '(' | '?' | '/' | '=' | '\'' | '·' | '…' | '→' | '↻' => true,
        c => c.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_hidden_characters() {
        assert_eq!(line("  a\n\tb \u{202E}c\u{0}\u{FFFE} "), "a b \u{FFFD}c\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(short("äöüß", 4), "äöüß");
        assert_eq!(short("äöüßé", 4), "äöü…");
        assert_eq!(short("ab cdef", 4), "ab…");
    }

    #[test]
    fn wide_characters_are_wider() {
        assert!(width("llll", 10.0) < width("nnnn", 10.0));
        assert!(width("nnnn", 10.0) < width("日本語文", 10.0));
        assert!((width("e\u{301}", 10.0) - width("e", 10.0)).abs() < f64::EPSILON);
    }

    #[test]
    fn every_format_has_its_own_escapes() {
        let hostile = r#"<b>"&\n`#1;`"#;
        assert_eq!(xml(hostile), "&lt;b&gt;&quot;&amp;\\n`#1;`");
        assert_eq!(dot(hostile), r#"<b>\"&amp;\\n`#1;`"#);
        assert_eq!(mermaid(hostile), "#lt;b#gt;#quot;#amp;#92;n#96;#35;1#59;#96;");
    }

    #[test]
    fn mermaid_keeps_names_readable() {
        assert_eq!(mermaid("retrieved_docs: a::Docs, (x.y)"), "retrieved_docs: a::Docs, (x.y)");
        assert_eq!(mermaid("_x"), "#95;x");
        assert_eq!(mermaid("1. style fa:fa-car"), "1#46; #115;tyle fa:\u{2060}fa-car");
        assert_eq!(mermaid("%%{init}%%"), "#37;#37;#123;init#125;#37;#37;");
        assert_eq!(mermaid("$$x$"), "#36;\u{2060}#36;x#36;");
    }
}
