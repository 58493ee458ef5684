//! What a server says of its tools, as documentation.
//!
//! A description is Markdown at best and anything at worst. rustdoc takes indented text and fences for Rust and compiles
//! them, and brackets for links: what comes from a server must never be a test that fails in the user's crate.

use crate::json::Json;

/// The description of a tool or a schema, made harmless.
pub(crate) fn description(json: &Json) -> String {
    json.get("description").and_then(Json::text).map(harmless).unwrap_or_default()
}

/// The description of a value, and what is allowed for it.
pub(crate) fn value(schema: &Json) -> String {
    let mut parts = vec![description(schema)];
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        parts.push(format!("Default: {}.", code(default)));
    }
    let bound = |key: &str| schema.get(key).filter(|bound| bound.number().is_some()).map(code);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => parts.push(format!("From {least} to {most}.")),
        (Some(least), None) => parts.push(format!("At least {least}.")),
        (None, Some(most)) => parts.push(format!("At most {most}.")),
        (None, None) => {}
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn code(json: &Json) -> String {
    let text = json.to_string();
    if text.contains('`') { text.replace('`', "'") } else { format!("`{text}`") }
}

/// Without common indentation, fences of Rust, and what rustdoc would take for a link or a tag.
fn harmless(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut out: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in lines {
        let bare = line.trim_start();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            out.push(if fenced { "```".to_owned() } else { "```text".to_owned() });
            fenced = !fenced;
        } else if fenced {
            out.push(line.to_owned());
        } else {
            let indent = (line.len() - bare.len()).min(3);
            out.push(format!("{}{}", " ".repeat(indent), escaped(bare)));
        }
    }
    if fenced {
        out.push("```".to_owned());
    }
    let text = out.join("\n");
    text.trim().to_owned()
}

/// Brackets and angles outside of code.
fn escaped(line: &str) -> String {
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        let in_code = index % 2 == 1;
        out.push_str(if index == 0 { "" } else { "`" });
        for letter in part.chars() {
            if !in_code && matches!(letter, '[' | ']' | '<' | '>') && !(letter == '>' && out.is_empty()) {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_rustdoc_would_compile_or_follow() {
        let text = "Gives [it] to <b>.\n\n        city: where `a[0]` is\n```\nlet x = 1;\n```\n~~~python\nx";
        let docs = "Gives \\[it\\] to \\<b\\>.\n\n   city: where `a[0]` is\n```text\nlet x = 1;\n```\n```text\nx\n```";
        assert_eq!(harmless(text), docs);
    }

    #[test]
    fn what_is_allowed_is_told() {
        let schema =
            crate::json::parse("{\"description\": \"How many days\", \"default\": 3, \"minimum\": 1}").unwrap();
        assert_eq!(value(&schema), "How many days\n\nDefault: `3`.\n\nAt least `1`.");
    }
}
