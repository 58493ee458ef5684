//! Hygiene is decided in one file, where it can be read as a whole.

use super::tree::Tree;
use super::{Problem, tokens};

/// The sources of each crate of macros, and the file in them that makes spans.
const HOMES: &[(&str, &str)] = &[
    ("flowc-macros/src/", "flowc-macros/src/span.rs"),
    ("flowc-mcp-macros/src/", "flowc-mcp-macros/src/span.rs"),
    ("flowc-nodes-macros/src/", "flowc-nodes-macros/src/span.rs"),
];
const MAKERS: &[&str] = &["call_site", "mixed_site", "located_at", "resolved_at"];

/// Bad input: a span made somewhere in the macros, so that a name resolves or an error points by accident.
pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    HOMES.iter().flat_map(|(folder, home)| check_folder(tree, folder, home)).collect()
}

fn check_folder(tree: &Tree, folder: &str, home: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let sources = |(path, _): &(&str, &str)| path.starts_with(folder) && path.ends_with(".rs") && *path != home;
    for (path, text) in tree.texts().filter(sources) {
        let tokens = match tokens::shipped(text) {
            Ok(tokens) => tokens,
            Err(error) => {
                problems.push(Problem::error(path, error));
                continue;
            }
        };
        for token in tokens.iter().filter(|token| MAKERS.contains(&token.text.as_str())) {
            let text = format!("writes `{}`; only {home} makes spans", token.text);
            problems.push(Problem::error(format!("{path}:{}", token.line), text));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_made_elsewhere_is_found_at_its_line() {
        let source = "// not call_site\nfn a() {\n    Span::call_site().located_at(b)\n}\n";
        let tree =
            Tree::of([("flowc-macros/src/emit/step.rs", source), (HOMES[0].1, source), ("flowc/src/a.rs", source)]);
        let places: Vec<_> = check(&tree).into_iter().map(|problem| problem.place).collect();
        assert_eq!(places, ["flowc-macros/src/emit/step.rs:3", "flowc-macros/src/emit/step.rs:3"]);
    }
}
