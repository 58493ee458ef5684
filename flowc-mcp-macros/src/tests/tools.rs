//! Tools as functions.

use super::{giving, taking, told, told_of};
use crate::snapshot::Wanted;

#[test]
fn required_parameters_come_first_as_listed_and_the_others_behind() {
    let lines = taking(
        r#"{"type": "object", "required": ["city", "country"], "properties": {"days": {"type": "integer"}, "country": {"type": "string"},
            "city": {"type": "string"}, "unit": {"enum": ["c", "f"]}}}"#,
    );
    assert_eq!(
        lines,
        [
            "fn ask(city: String, country: String, days: Option<i64>, unit: Option<Unit>) -> ToolResult",
            "enum Unit { C=\"c\", F=\"f\" }"
        ]
    );
}

#[test]
fn names_become_rusts_and_stay_apart() {
    let lines = taking(
        r#"{"type": "object", "required": ["type", "a-b", "a_b", "any"],
            "properties": {"type": {"type": "string"}, "a-b": {"type": "string"}, "a_b": {"type": "string"}}}"#,
    );
    assert_eq!(lines, ["fn ask(r#type: String, a_b=\"a-b\": String, a_b_2=\"a_b\": String, any: Value) -> ToolResult"]);
}

#[test]
fn many_options_stand_in_a_struct() {
    let lines = taking(
        r#"{"type": "object", "required": ["q"], "properties": {"q": {"type": "string"}, "a": {}, "b": {"type": "integer"},
            "c": {"type": "string"}, "d": {"type": "string"}, "e": {"type": "string"}}}"#,
    );
    assert_eq!(
        lines,
        [
            "fn ask(q: String, options: AskOptions) -> ToolResult",
            "struct AskOptions { a: Option<Value>, b: Option<i64>, c: Option<String>, d: Option<String>, e: Option<String> }"
        ]
    );
}

#[test]
fn arguments_without_names_are_one_value() {
    assert_eq!(
        taking(r#"{"type": "object", "additionalProperties": {"type": "string"}}"#),
        ["fn ask(arguments: Map<String>) -> ToolResult"]
    );
    assert_eq!(taking(r#"{"type": "object", "properties": {}}"#), ["fn ask() -> ToolResult"]);
    assert_eq!(taking(r#"{"type": "object", "additionalProperties": false}"#), ["fn ask() -> ToolResult"]);
    let either = r#"{"type": "object", "anyOf": [
        {"type": "object", "title": "ById", "properties": {"id": {"type": "integer"}}, "required": ["id"]},
        {"type": "object", "title": "ByName", "properties": {"name": {"type": "string"}}, "required": ["name"]}]}"#;
    assert_eq!(
        taking(either),
        [
            "fn ask(arguments: AskArguments) -> ToolResult",
            "struct AskArgumentsById { id: i64 }",
            "struct AskArgumentsByName { name: String }",
            "enum AskArguments { ById(AskArgumentsById), ByName(AskArgumentsByName) }"
        ]
    );
}

#[test]
fn a_result_alone_is_taken_out() {
    let wrapped = r#"{"type": "object", "properties": {"result": {"type": "array", "items": {"type": "integer"}}}, "required": ["result"]}"#;
    assert_eq!(giving(wrapped), ["fn ask() -> result Vec<i64>"]);
    assert_eq!(giving("null"), ["fn ask() -> ToolResult"]);
}

#[test]
fn two_tools_share_a_type_that_says_the_same() {
    let tool = |name: &str, day: &str| {
        format!(
            r##"{{"name": "{name}", "inputSchema": {{"type": "object"}}, "outputSchema": {{"$ref": "#/$defs/Day",
            "$defs": {{"Day": {{"type": "object", "description": "{name}", "properties": {{"high": {day}}}}}}}}}}}"##
        )
    };
    let (one, same) =
        (tool("one", r#"{"type": "number"}"#), tool("two", r#"{"type": "number", "title": "High", "maximum": 50}"#));
    let same = same.replace("\"properties\"", "\"additionalProperties\": false, \"properties\"");
    let other = tool("three", r#"{"type": "string"}"#);
    assert_eq!(
        told(&format!(r#"{{"server": "s", "tools": [{one}, {same}, {other}]}}"#)),
        [
            "fn one() -> Day",
            "fn two() -> Day",
            "fn three() -> ThreeDay",
            "struct Day { high: Option<f64> }",
            "struct ThreeDay { high: Option<String> }"
        ]
    );
}

const TWO: &str = r#"{"server": "s", "tools": [{"name": "get-a", "inputSchema": {"type": "object"}},
    {"name": "get_a", "inputSchema": {"type": "object"}}]}"#;

#[test]
fn two_tools_of_one_name_are_an_error_until_one_is_renamed_or_skipped() {
    assert_eq!(
        told(TWO),
        ["fn get_a() -> ToolResult", "line 2, column 14: the tools `get-a` and `get_a` are both `get_a` in Rust"]
    );
    let renamed = Wanted { rename: [("get-a".to_owned(), "dashed".to_owned())].into(), ..Wanted::default() };
    assert_eq!(told_of(TWO, &renamed), ["fn dashed() -> ToolResult", "fn get_a() -> ToolResult"]);
    let skipped = Wanted { skip: vec!["get-a".to_owned()], ..Wanted::default() };
    assert_eq!(told_of(TWO, &skipped), ["fn get_a() -> ToolResult"]);
    let only = Wanted { only: vec!["get-a".to_owned()], ..Wanted::default() };
    assert_eq!(told_of(TWO, &only), ["fn get_a() -> ToolResult"]);
}

#[test]
fn what_is_no_snapshot_is_told_apart() {
    for (text, said) in [
        ("[]", "this is no snapshot: it is an array"),
        (r#"{"tools": []}"#, "this is no snapshot: it has no `server`, a string"),
        (r#"{"server": "s"}"#, "this is no snapshot: it has no `tools`, an array"),
        (r#"{"server": "s", "tools": {}}"#, "this is no snapshot: it has no `tools`, an array"),
        (r#"{"server": "s", "tools": [{}]}"#, "this is no snapshot: a tool has no `name`"),
        (r#"{"server": "s", "tools": [{"name": "a"}]}"#, "this is no snapshot: the tool `a` has no `inputSchema`"),
    ] {
        assert!(told(text)[0].ends_with(said), "{:?}", told(text));
    }
}

#[test]
fn a_field_names_its_type_unless_that_means_something_else() {
    let tool = |name: &str, field: &str, x: &str| {
        format!(
            r#"{{"name": "{name}", "inputSchema": {{"type": "object", "required": ["{field}"], "properties": {{"{field}":
            {{"type": "array", "items": {{"type": "object", "properties": {{"x": {{"type": "{x}"}}}}}}}}}}}}}}"#
        )
    };
    let tools =
        [tool("add", "entities", "string"), tool("remove", "entities", "string"), tool("test", "entities", "number")];
    assert_eq!(
        told(&format!(r#"{{"server": "s", "tools": [{}]}}"#, tools.join(", "))),
        [
            "fn add(entities: Vec<Entity>) -> ToolResult",
            "fn remove(entities: Vec<Entity>) -> ToolResult",
            "fn test(entities: Vec<TestEntity>) -> ToolResult",
            "struct Entity { x: Option<String> }",
            "struct TestEntity { x: Option<f64> }"
        ]
    );
    let (first, second) = (tool("add", "entities", "string"), tool("entity", "x", "string"));
    let second = second
        .replace("\"inputSchema\"", r#""outputSchema": {"type": "object", "properties": {"y": {}}}, "inputSchema""#);
    let lines = told(&format!(r#"{{"server": "s", "tools": [{first}, {second}]}}"#));
    assert_eq!(lines[..2], ["fn add(entities: Vec<AddEntity>) -> ToolResult", "fn entity(x: Vec<XItem>) -> Entity"]);
}
