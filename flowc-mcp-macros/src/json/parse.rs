//! From text to [`Json`]. The first mistake ends it, since what follows a mistake in JSON is a guess.

use super::{Entry, Json, Place, Value, Wrong};

/// Deeper than any schema that a person or a program writes.
const DEEPEST: usize = 128;

/// Reads one value, and nothing behind it.
pub(crate) fn parse(text: &str) -> Result<Json, Wrong> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { rest: text, place: Place { line: 1, column: 1 } };
    let value = reader.value(0)?;
    reader.blank();
    if reader.rest.is_empty() { Ok(value) } else { Err(reader.wrong("expected the end of the file")) }
}

struct Reader<'t> {
    rest: &'t str,
    place: Place,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = self.rest.get(next.len_utf8()..).unwrap_or_default();
        if next == '\n' {
            self.place = Place { line: self.place.line + 1, column: 1 };
        } else {
            self.place.column += 1;
        }
        Some(next)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|next| matches!(next, ' ' | '\t' | '\n' | '\r')) {
            self.next();
        }
    }

    fn wrong(&self, expected: &str) -> Wrong {
        let found = match self.peek() {
            None => "the end of the file".to_owned(),
            Some(next) => format!("`{next}`"),
        };
        Wrong::at(self.place, format!("{expected}, found {found}"))
    }

    fn value(&mut self, depth: usize) -> Result<Json, Wrong> {
        self.blank();
        let place = self.place;
        if depth > DEEPEST {
            return Err(Wrong::at(place, format!("nested more than {DEEPEST} deep")));
        }
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Text(self.text()?),
            Some(next) if next == '-' || next.is_ascii_digit() => self.number()?,
            Some(next) if next.is_ascii_alphabetic() => self.word()?,
            _ => return Err(self.wrong("expected a value")),
        };
        Ok(Json { place, value })
    }

    fn object(&mut self, depth: usize) -> Result<Value, Wrong> {
        self.next();
        let mut entries: Vec<Entry> = Vec::new();
        self.blank();
        if self.eat('}') {
            return Ok(Value::Object(entries));
        }
        loop {
            self.blank();
            let place = self.place;
            if self.peek() != Some('"') {
                return Err(self.wrong("expected a key in quotes"));
            }
            let key = self.text()?;
            if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                return Err(Wrong::at(place, format!("the key `{key}` stands at {} already", first.place)));
            }
            self.blank();
            if !self.eat(':') {
                return Err(self.wrong("expected `:`"));
            }
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, place, value });
            self.blank();
            if self.eat('}') {
                return Ok(Value::Object(entries));
            }
            if !self.eat(',') {
                return Err(self.wrong("expected `,` or `}`"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Wrong> {
        self.next();
        let mut items = Vec::new();
        self.blank();
        if self.eat(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blank();
            if self.eat(']') {
                return Ok(Value::List(items));
            }
            if !self.eat(',') {
                return Err(self.wrong("expected `,` or `]`"));
            }
        }
    }

    fn taken(&mut self, part: impl Fn(char) -> bool) -> &'t str {
        let all = self.rest;
        while self.peek().is_some_and(&part) {
            self.next();
        }
        all.get(..all.len() - self.rest.len()).unwrap_or_default()
    }

    fn number(&mut self) -> Result<Value, Wrong> {
        let place = self.place;
        let number = self.taken(|next| next.is_ascii_alphanumeric() || matches!(next, '-' | '+' | '.'));
        let digits = number.strip_prefix('-').unwrap_or(number);
        let leads =
            digits.len() > 1 && digits.starts_with('0') && digits.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let bare = !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.ends_with('.') || digits.contains(".e");
        match number.parse::<f64>() {
            Ok(_) if !leads && !bare => Ok(Value::Number(number.to_owned())),
            _ => Err(Wrong::at(place, format!("`{number}` is no number"))),
        }
    }

    fn word(&mut self) -> Result<Value, Wrong> {
        let place = self.place;
        match self.taken(|next| next.is_ascii_alphanumeric()) {
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            word => Err(Wrong::at(place, format!("`{word}` is no value"))),
        }
    }

    fn text(&mut self) -> Result<String, Wrong> {
        let start = self.place;
        self.next();
        let mut text = String::new();
        loop {
            let place = self.place;
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape(place)?),
                Some(next) if next >= ' ' => text.push(next),
                Some(_) => return Err(Wrong::at(place, "a string goes over the end of its line")),
                None => return Err(Wrong::at(start, "this string does not end")),
            }
        }
    }

    fn escape(&mut self, place: Place) -> Result<char, Wrong> {
        let escaped = match self.next() {
            Some(same @ ('"' | '\\' | '/')) => Some(same),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.unicode(),
            _ => None,
        };
        escaped.ok_or_else(|| Wrong::at(place, "this escape is none of JSON's"))
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.four()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        if !(self.eat('\\') && self.eat('u')) {
            return None;
        }
        let second = self.four()?;
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + second.checked_sub(0xDC00)?)
    }

    fn four(&mut self) -> Option<u32> {
        let mut number = 0;
        for _ in 0..4 {
            number = number * 16 + self.next()?.to_digit(16)?;
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        match parse(text) {
            Ok(json) => format!("read as {json}"),
            Err(wrong) => format!("{}: {}", wrong.place, wrong.text),
        }
    }

    #[test]
    fn values_are_read_with_their_places() {
        let json = parse("{\n  \"a\": [1, -2.5e3, \"x\\u00e9\\ud83d\\ude00\\n\", null, true]\n}").unwrap();
        assert_eq!(json.to_string(), "{\"a\": [1, -2.5e3, \"xé😀\\n\", null, true]}");
        let list = json.get("a").unwrap();
        assert_eq!(list.place, Place { line: 2, column: 8 });
        assert_eq!(list.items()[1].place, Place { line: 2, column: 12 });
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        assert_eq!(wrong(""), "line 1, column 1: expected a value, found the end of the file");
        assert_eq!(wrong("{\n  \"a\" 1}"), "line 2, column 7: expected `:`, found `1`");
        assert_eq!(wrong("{\"a\": 1,}"), "line 1, column 9: expected a key in quotes, found `}`");
        assert_eq!(wrong("[1 2]"), "line 1, column 4: expected `,` or `]`, found `2`");
        assert_eq!(wrong("{\"a\": 1, \"a\": 2}"), "line 1, column 10: the key `a` stands at line 1, column 2 already");
        assert_eq!(wrong("[01]"), "line 1, column 2: `01` is no number");
        assert_eq!(wrong("nil"), "line 1, column 1: `nil` is no value");
        assert_eq!(wrong("\"a"), "line 1, column 1: this string does not end");
        assert_eq!(wrong("\"\\x\""), "line 1, column 2: this escape is none of JSON's");
        assert_eq!(wrong("1 2"), "line 1, column 3: expected the end of the file, found `2`");
        assert!(wrong(&"[".repeat(300)).contains("nested more than 128 deep"));
    }
}
