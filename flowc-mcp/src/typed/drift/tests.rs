//! Each kind of difference, once in the arguments and once in the result.

use serde_json::{Value, json};

use super::{Drift, Snapshot, Tool};

fn snapshot(input: &Value, output: Option<&Value>) -> Snapshot {
    let tool =
        Tool { name: "ask".to_owned(), input_schema: input.clone(), output_schema: output.cloned(), ..Tool::default() };
    Snapshot::new("s", vec![tool])
}

fn object(x: &Value, required: bool) -> Value {
    let required: &[&str] = if required { &["x"] } else { &[] };
    json!({"type": "object", "properties": {"x": x}, "required": required})
}

/// What is said of a field `x`, with `!` in front of what is breaking.
fn lines(drift: &Drift) -> Vec<String> {
    let line = |change: &super::Change| {
        let mark = if change.is_breaking() { "!" } else { "" };
        let side = |text: Option<&str>| text.unwrap_or("-").to_owned();
        format!("{mark}{} {}: {} -> {}", change.field(), change.what(), side(change.before()), side(change.after()))
    };
    drift.changes().iter().map(line).collect()
}

fn input(old: &Value, new: &Value) -> Vec<String> {
    lines(&Drift::between(&snapshot(old, None), &snapshot(new, None)))
}

fn output(old: &Value, new: &Value) -> Vec<String> {
    let empty = json!({"type": "object"});
    lines(&Drift::between(&snapshot(&empty, Some(old)), &snapshot(&empty, Some(new))))
}

/// The same change on both sides.
fn x(old: &Value, new: &Value) -> [Vec<String>; 2] {
    [input(&object(old, true), &object(new, true)), output(&object(old, true), &object(new, true))]
}

#[test]
fn words_for_people_and_order_change_nothing() {
    let old = json!({"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string", "title": "A"}, "b": {"$ref": "#/$defs/B"}},
        "$defs": {"B": {"type": "integer"}}});
    let new = json!({"description": "new", "properties": {"b": {"type": "integer"}, "a": {"type": "string", "default": "x"}},
        "type": "object", "required": ["b", "a"]});
    assert_eq!(input(&old, &new), [""; 0]);
    assert_eq!(output(&old, &new), [""; 0]);
}

#[test]
fn types() {
    let kind = |kind: &str| json!({"type": kind});
    assert_eq!(x(&kind("string"), &kind("integer")), [["!x another type: \"string\" -> \"integer\""]; 2]);
    let wider = x(&kind("integer"), &kind("number"));
    assert_eq!(wider, [["x another type: \"integer\" -> \"number\""], ["!x another type: \"integer\" -> \"number\""]]);
    let narrower = x(&kind("number"), &kind("integer"));
    assert_eq!(
        narrower,
        [["!x another type: \"number\" -> \"integer\""], ["x another type: \"number\" -> \"integer\""]]
    );
    assert_eq!(
        x(&kind("string"), &json!({"anyOf": [{"type": "null"}, {"type": "string"}]})),
        [["x one type more: - -> \"null\""], ["!x one type more: - -> \"null\""]]
    );
    assert_eq!(
        x(&json!({"type": ["string", "null"]}), &kind("string")),
        [["!x one type less: \"null\" -> -"], ["x one type less: \"null\" -> -"]]
    );
    assert_eq!(
        x(&json!({}), &kind("string")),
        [["!x was any JSON: - -> {\"type\":\"string\"}"], ["x was any JSON: - -> {\"type\":\"string\"}"]]
    );
}

#[test]
fn words() {
    let words = |words: &[&str]| json!({"type": "string", "enum": words});
    assert_eq!(
        x(&words(&["a", "b"]), &words(&["b", "c"])),
        [
            ["!x one value less: \"a\" -> -", "x one value more: - -> \"c\""],
            ["x one value less: \"a\" -> -", "!x one value more: - -> \"c\""]
        ]
    );
    assert_eq!(
        x(&json!({"type": "string"}), &words(&["a"])),
        [["!x is now one of a few values: - -> [\"a\"]"], ["x is now one of a few values: - -> [\"a\"]"]]
    );
}

#[test]
fn fields() {
    let (none, text) = (json!({"type": "object", "properties": {}}), json!({"type": "string"}));
    assert_eq!(input(&none, &object(&text, true)), ["!x new, and required: - -> {\"type\":\"string\"}"]);
    assert_eq!(input(&none, &object(&text, false)), ["x new: - -> {\"type\":\"string\"}"]);
    assert_eq!(output(&none, &object(&text, true)), ["x new: - -> {\"type\":\"string\"}"]);
    assert_eq!(input(&object(&text, false), &none), ["!x gone: {\"type\":\"string\"} -> -"]);
    assert_eq!(output(&object(&text, true), &none), ["!x gone: {\"type\":\"string\"} -> -"]);
    assert_eq!(input(&object(&text, false), &object(&text, true)), ["!x required now: - -> -"]);
    assert_eq!(input(&object(&text, true), &object(&text, false)), ["x not required any more: - -> -"]);
    assert_eq!(output(&object(&text, true), &object(&text, false)), ["!x may be absent now: - -> -"]);
    assert_eq!(output(&object(&text, false), &object(&text, true)), ["x always there now: - -> -"]);
}

#[test]
fn limits() {
    let most = |most: u32| json!({"type": "integer", "minimum": 0, "maximum": most});
    assert_eq!(x(&most(7), &most(5)), [["!x `maximum` is smaller: 7 -> 5"], ["x `maximum` is smaller: 7 -> 5"]]);
    assert_eq!(x(&most(7), &most(9)), [["x `maximum` is larger: 7 -> 9"], ["x `maximum` is larger: 7 -> 9"]]);
    let any = json!({"type": "integer", "maximum": 7});
    assert_eq!(x(&most(7), &any), [["x no `minimum` any more: 0 -> -"], ["!x no `minimum` any more: 0 -> -"]]);
    let (free, bound) = (json!({"type": "string"}), json!({"type": "string", "pattern": "^a"}));
    assert_eq!(x(&free, &bound), [["!x has a `pattern` now: - -> \"^a\""], ["x has a `pattern` now: - -> \"^a\""]]);
}

#[test]
fn what_is_inside() {
    let old = json!({"type": "array", "items": {"type": "object", "properties": {"high": {"type": "number"}}}});
    let new = json!({"type": "array", "items": {"type": "object", "properties": {"high": {"type": "string"}}}});
    assert_eq!(x(&old, &new), [["!x[].high another type: \"number\" -> \"string\""]; 2]);
    let map = |kind: &str| json!({"type": "object", "additionalProperties": {"type": kind}});
    assert_eq!(x(&map("number"), &map("string")), [["!x.* another type: \"number\" -> \"string\""]; 2]);
}

#[test]
fn a_type_in_itself_ends() {
    let tree = |leaf: &str| {
        json!({"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", "properties": {
        "leaf": {"type": leaf}, "all": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}}}})
    };
    assert_eq!(input(&tree("string"), &tree("string")), [""; 0]);
    let changes = input(&tree("string"), &tree("integer"));
    assert_eq!(changes, ["!leaf another type: \"string\" -> \"integer\""]);
}

#[test]
fn tools_come_and_go() {
    let one = snapshot(&json!({"type": "object"}), None);
    let none = Snapshot::new("s", Vec::new());
    let (gone, new) = (Drift::between(&one, &none), Drift::between(&none, &one));
    assert_eq!((gone.to_string().as_str(), gone.is_breaking()), ("tool `ask` is gone", true));
    assert_eq!((new.to_string().as_str(), new.is_breaking()), ("tool `ask` is new", false));
    assert!(Drift::of(&one.tools, &none.tools, |tool| tool != "ask").is_empty());
    let with = snapshot(&json!({"type": "object"}), Some(&json!({"type": "object"})));
    assert!(!Drift::between(&one, &with).is_breaking());
    assert!(Drift::between(&with, &one).is_breaking());
}
