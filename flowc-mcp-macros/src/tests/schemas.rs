//! Schemas as types.

use super::{giving, taking};

/// The type of the field `x` of what `ask` gives, and the types that were made for it.
fn x(schema: &str) -> String {
    let lines = giving(&format!(r#"{{"type": "object", "properties": {{"x": {schema}}}, "required": ["x"]}}"#));
    let field = lines[1].strip_prefix("struct Ask { x: ").and_then(|rest| rest.strip_suffix(" }"));
    let mut parts = vec![field.unwrap_or(&lines[1]).to_owned()];
    parts.extend(lines[2..].iter().cloned());
    parts.join("; ")
}

#[test]
fn plain_types() {
    for (schema, ty) in [
        (r#"{"type": "string"}"#, "String"),
        (r#"{"type": "string", "format": "date-time"}"#, "String"),
        (r#"{"type": "boolean"}"#, "bool"),
        (r#"{"type": "number"}"#, "f64"),
        (r#"{"type": "integer"}"#, "i64"),
        (r#"{"type": "integer", "minimum": 0}"#, "u64"),
        (r#"{"type": "integer", "exclusiveMinimum": 0, "maximum": 7}"#, "u64"),
        (r#"{"type": "integer", "minimum": -1}"#, "i64"),
        (r#"{"type": "null"}"#, "()"),
        ("{}", "Value"),
        ("true", "Value"),
        (r#"{"description": "whatever"}"#, "Value"),
        (r#"{"pattern": "a+"}"#, "String"),
    ] {
        assert_eq!(x(schema), ty, "{schema}");
    }
}

#[test]
fn what_may_be_null() {
    for (schema, ty) in [
        (r#"{"type": ["string", "null"]}"#, "Option<String>"),
        (r#"{"anyOf": [{"type": "integer"}, {"type": "null"}]}"#, "Option<i64>"),
        (r#"{"oneOf": [{"type": "null"}, {"type": "array", "items": {"type": "number"}}]}"#, "Option<Vec<f64>>"),
        (r#"{"enum": ["a", null]}"#, "Option<X>; enum X { A=\"a\" }"),
    ] {
        assert_eq!(x(schema), ty, "{schema}");
    }
}

#[test]
fn arrays_and_maps() {
    for (schema, ty) in [
        (r#"{"type": "array"}"#, "Vec<Value>"),
        (r#"{"type": "array", "items": {"type": "string"}}"#, "Vec<String>"),
        (r#"{"items": {"type": "string"}}"#, "Vec<String>"),
        (r#"{"type": "object"}"#, "Map<Value>"),
        (r#"{"type": "object", "additionalProperties": {"type": "integer"}}"#, "Map<i64>"),
        (r#"{"type": "object", "patternProperties": {"^a": {"type": "integer"}}}"#, "Map<i64>"),
        (r#"{"type": "object", "additionalProperties": false}"#, "X; struct X {  }"),
        (
            r#"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "minItems": 2, "maxItems": 2}"#,
            "(String, f64)",
        ),
        (r#"{"type": "array", "prefixItems": [{"type": "string"}]}"#, "Vec<Value>"),
    ] {
        assert_eq!(x(schema), ty, "{schema}");
    }
}

#[test]
fn words() {
    let enum_ = "X; enum X { Celsius=\"celsius\", N1d=\"1d\", Empty=\"\" }";
    assert_eq!(x(r#"{"type": "string", "enum": ["celsius", "1d", ""]}"#), enum_);
    assert_eq!(x(r#"{"oneOf": [{"const": "celsius"}, {"const": "1d"}, {"const": ""}]}"#), enum_);
    assert_eq!(x(r#"{"enum": ["a-b", "a_b"]}"#), "X; enum X { AB=\"a-b\", AB2=\"a_b\" }");
    assert_eq!(x(r#"{"enum": [1, 2]}"#), "i64");
    assert_eq!(x(r#"{"enum": [1, "a"]}"#), "Value");
    assert_eq!(x(r#"{"const": true}"#), "bool");
}

#[test]
fn one_of_several() {
    assert_eq!(x(r#"{"type": ["string", "integer"]}"#), "X; enum X { String(String), Integer(i64) }");
    assert_eq!(x(r#"{"anyOf": [{"type": "integer"}, {"type": "number"}]}"#), "f64");
    assert_eq!(x(r#"{"anyOf": [{"type": "string", "format": "uri"}, {"type": "string"}]}"#), "String");
    assert_eq!(x(r#"{"anyOf": [{"type": "string"}, {}]}"#), "Value");
    let shape = r#"{"oneOf": [
        {"type": "object", "properties": {"kind": {"const": "circle"}, "r": {"type": "number"}}, "required": ["kind", "r"]},
        {"type": "object", "properties": {"kind": {"const": "box"}, "w": {"type": "number"}}, "required": ["kind", "w"]}]}"#;
    assert_eq!(
        x(shape),
        "X; struct XCircle { kind: Kind, r: f64 }; enum Kind { Circle=\"circle\" }; \
         struct XBox { kind: XBoxKind, w: f64 }; enum XBoxKind { Box=\"box\" }; \
         enum X { Circle(XCircle), Box(XBox) }"
    );
}

#[test]
fn all_of_several() {
    assert_eq!(x(r#"{"allOf": [{"type": "string"}, {"minLength": 1}]}"#), "String");
    let both = r#"{"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                             {"type": "object", "properties": {"b": {"type": "boolean"}}}]}"#;
    assert_eq!(x(both), "X; struct X { a: String, b: Option<bool> }");
}

#[test]
fn what_only_narrows_is_not_in_the_type() {
    let schema = r#"{"type": "object", "properties": {"a": {"type": "string"}}, "anyOf": [{"required": ["a"]}]}"#;
    assert_eq!(x(schema), "X; struct X { a: Option<String> }");
}

#[test]
fn definitions_are_types_of_their_own_name() {
    let schema = r##"{"type": "object", "title": "Weather", "required": ["days", "best"],
        "properties": {"days": {"type": "array", "items": {"$ref": "#/$defs/Day"}}, "best": {"$ref": "#/$defs/Day"}},
        "$defs": {"Day": {"type": "object", "properties": {"high": {"type": "number"}}, "required": ["high"]}}}"##;
    let lines = giving(schema);
    assert_eq!(
        lines,
        ["fn ask() -> Weather", "struct Weather { days: Vec<Day>, best: Day }", "struct Day { high: f64 }"]
    );
}

#[test]
fn a_type_in_itself_is_boxed() {
    let tree = r##"{"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", "required": ["all"], "properties": {
        "left": {"$ref": "#/$defs/Tree"}, "all": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}}}"##;
    assert_eq!(giving(tree), ["fn ask() -> Tree", "struct Tree { left: Option<Box<Tree>>, all: Vec<Tree> }"]);
    let union = r##"{"$ref": "#/$defs/Expr", "$defs": {"Expr": {"anyOf": [{"type": "number"},
        {"type": "object", "title": "Sum", "required": ["of"], "properties": {"of": {"type": "array", "items": {"$ref": "#/$defs/Expr"}}}}]}}}"##;
    assert_eq!(
        giving(union),
        ["fn ask() -> Expr", "enum Expr { Number(f64), Sum(ExprSum) }", "struct ExprSum { of: Vec<Expr> }"]
    );
    let endless = r##"{"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}"##;
    assert_eq!(giving(endless), ["fn ask() -> Value"]);
}

#[test]
fn names_of_rust_are_left_alone() {
    let schema = r#"{"type": "object", "title": "Value", "required": ["Option", "type"],
        "properties": {"Option": {"type": "object", "properties": {"a": {}}, "title": "Option"}, "type": {"enum": ["a"]}}}"#;
    assert_eq!(
        giving(schema),
        [
            "fn ask() -> AskValue",
            "struct AskValue { option=\"Option\": AskValueOption, r#type: Type }",
            "struct AskValueOption { a: Option<Value> }",
            "enum Type { A=\"a\" }",
        ]
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (schema, text) in [
        (
            r#"{"type": "object", "properties": {"x": {"type": "strng"}}}"#,
            "in the schema of the tool `ask`: \"strng\" is no type of JSON Schema, `string` is one",
        ),
        (
            r#"{"type": "object", "properties": {"x": 7}}"#,
            "in the schema of the tool `ask`: a schema is an object or a boolean, not a number",
        ),
        (
            r#"{"type": "object", "properties": {"x": {"$dynamicRef": "a"}}}"#,
            "in the schema of the tool `ask`: the keyword `$dynamicRef` has no meaning without other files",
        ),
        (
            r#"{"type": "object", "properties": {"x": {"$ref": "https://a.b/c"}}}"#,
            "in the schema of the tool `ask`: `$ref` leads to `https://a.b/c`, outside of this schema",
        ),
        (
            r##"{"type": "object", "properties": {"x": {"$ref": "#/$defs/A"}}}"##,
            "in the schema of the tool `ask`: `$ref` leads to `#/$defs/A`, where nothing is",
        ),
        (r#"{"type": "array"}"#, "the tool `ask` takes `array`, and a tool can only take an object"),
        ("7", "the tool `ask` takes a number, and a tool can only take an object"),
    ] {
        let lines = taking(schema);
        let last = lines.last().unwrap();
        assert!(last.starts_with("line 1, column ") && last.ends_with(&format!(": {text}")), "{last}");
    }
}
