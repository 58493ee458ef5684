use serde_json::{Map, Value, json};

use super::{Side, compare};

fn texts(old: &Value, new: &Value) -> Vec<String> {
    compare(Side::Input, old, new).iter().map(ToString::to_string).collect()
}

#[test]
fn a_choice_that_leads_back_to_itself_comes_to_an_end() {
    let rounds = |more: Value| json!({ "anyOf": [{ "$ref": "#" }, { "type": "null" }, more] });
    let between = |more: Value| {
        json!({
            "$ref": "#/$defs/a",
            "$defs": { "a": { "oneOf": [{ "$ref": "#/$defs/b" }, more] }, "b": { "anyOf": [{ "$ref": "#/$defs/a" }, { "type": "null" }] } },
        })
    };
    for (before, after) in [
        (rounds(json!({ "type": "string" })), rounds(json!({ "type": "boolean" }))),
        (between(json!({ "type": "string" })), between(json!({ "type": "boolean" }))),
    ] {
        let changes = texts(&before, &after);
        assert!(changes.len() == 1 && changes[0].contains("another type"), "{changes:?}");
        assert!(texts(&before, &before).is_empty());
    }
}

#[test]
fn choices_that_double_at_each_level_are_looked_at_once() {
    let levels = |last: &str| {
        let mut named = Map::new();
        for level in 0..60 {
            let next = json!({ "$ref": format!("#/$defs/l{}", level + 1) });
            named.insert(format!("l{level}"), json!({ "anyOf": [next, next] }));
        }
        named.insert("l60".to_owned(), json!({ "type": last }));
        json!({ "$ref": "#/$defs/l0", "$defs": named })
    };
    assert_eq!(texts(&levels("string"), &levels("boolean")).len(), 1);
}

#[test]
fn what_is_nested_too_deeply_is_told_of() {
    let chain = |last: &str| {
        let mut named = Map::new();
        for level in 0..20_000 {
            let next = json!({ "$ref": format!("#/$defs/l{}", level + 1) });
            named.insert(format!("l{level}"), json!({ "type": "object", "properties": { "x": next } }));
        }
        named.insert("l20000".to_owned(), json!({ "type": last }));
        json!({ "$ref": "#/$defs/l0", "$defs": named })
    };
    let changes = texts(&chain("string"), &chain("boolean"));
    assert!(changes.len() == 1 && changes[0].contains("nested too deeply"), "{changes:?}");
}
