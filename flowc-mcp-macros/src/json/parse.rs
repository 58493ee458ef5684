//! From text to [`Json`], by a parser that knows where each value stands. The first mistake ends it, since what follows a mistake in JSON
//! is a guess.

use jsonc_parser::ast::{self, ObjectPropName};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Entry, Json, Place, Value, Wrong};

/// Nothing that is not JSON.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads one value, and nothing behind it.
pub(crate) fn parse(text: &str) -> Result<Json, Wrong> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT);
    let parsed =
        parsed.map_err(|error| Wrong::at(lines.place(error.range().start), lower(&error.kind().to_string())))?;
    let value = parsed.value.ok_or_else(|| Wrong::at(lines.place(0), "the file is empty"))?;
    lines.json(&value)
}

/// A text, and where its lines begin.
struct Lines<'t> {
    text: &'t str,
    begins: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let begins = std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1));
        Self { text, begins: begins.collect() }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.begins.partition_point(|begin| *begin <= offset);
        let begin = self.begins.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.text.get(begin..offset).map_or(0, |before| before.chars().count()) + 1;
        Place { line, column }
    }

    fn json(&self, value: &ast::Value<'_>) -> Result<Json, Wrong> {
        let place = self.place(value.start());
        let value = match value {
            ast::Value::NullKeyword(_) => Value::Null,
            ast::Value::BooleanLit(boolean) => Value::Bool(boolean.value),
            ast::Value::NumberLit(number) => Value::Number(number.value.to_owned()),
            ast::Value::StringLit(text) => Value::Text(text.value.to_string()),
            ast::Value::Array(array) => {
                Value::List(array.elements.iter().map(|item| self.json(item)).collect::<Result<_, _>>()?)
            }
            ast::Value::Object(object) => self.object(object)?,
        };
        Ok(Json { place, value })
    }

    fn object(&self, object: &ast::Object<'_>) -> Result<Value, Wrong> {
        let mut entries: Vec<Entry> = Vec::new();
        for property in &object.properties {
            let key = match &property.name {
                ObjectPropName::String(name) => name.value.to_string(),
                ObjectPropName::Word(name) => name.value.to_owned(),
            };
            let place = self.place(property.start());
            if let Some(first) = entries.iter().find(|entry| entry.key == key) {
                return Err(Wrong::at(place, format!("the key `{key}` stands at {} already", first.place)));
            }
            entries.push(Entry { key, place, value: self.json(&property.value)? });
        }
        Ok(Value::Object(entries))
    }
}

/// As our messages begin.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
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
        let wide = parse("{\"é\": 1}").unwrap();
        assert_eq!(wide.get("é").unwrap().place, Place { line: 1, column: 7 });
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        assert_eq!(wrong(""), "line 1, column 1: the file is empty");
        assert_eq!(
            wrong("{\n  \"a\" 1}"),
            "line 2, column 7: expected colon after the string or word in object property"
        );
        assert_eq!(wrong("{\"a\": 1,}"), "line 1, column 8: trailing commas are not allowed");
        assert_eq!(wrong("[1 2]"), "line 1, column 3: expected comma");
        assert_eq!(wrong("{\"a\": 1, \"a\": 2}"), "line 1, column 10: the key `a` stands at line 1, column 2 already");
        assert_eq!(wrong("[01]"), "line 1, column 3: expected comma");
        assert_eq!(wrong("nil"), "line 1, column 1: unexpected word");
        assert_eq!(wrong("\"a"), "line 1, column 1: unterminated string literal");
        assert_eq!(wrong("\"\\x\""), "line 1, column 2: invalid escape");
        assert_eq!(wrong("1 2"), "line 1, column 3: text cannot contain more than one JSON value");
        assert_eq!(wrong("// no\n1"), "line 1, column 1: comments are not allowed");
        assert!(wrong(&"[".repeat(3000)).contains("nesting depth"));
    }
}
