//! What ships has no way to take its user's program down.

use super::{House, Problem, tokens};

const METHODS: &[&str] = &["unwrap", "unwrap_err", "expect", "expect_err"];
const MACROS: &[&str] = &["panic", "todo", "unimplemented"];

/// Bad input: an `unwrap()`, `expect(..)`, `panic!` or `todo!` in code that ships, also inside a `quote!`, where clippy
/// does not look but where the code ends up in the user's program.
pub(super) fn check(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in house.tree.texts().filter(|(path, _)| house.workspace.ships(path)) {
        match tokens::shipped(text) {
            Err(error) => problems.push(Problem::error(path, error)),
            Ok(tokens) => problems.extend(panics(&tokens).map(|(what, line)| {
                Problem::error(format!("{path}:{line}"), format!("{what} in code that ships; return an error instead"))
            })),
        }
    }
    problems
}

/// What may panic, and its line.
fn panics(tokens: &[tokens::Token]) -> impl Iterator<Item = (String, usize)> {
    tokens.windows(3).filter_map(|window| {
        let [first, second, third] = window else { return None };
        if first.text == "." && METHODS.contains(&second.text.as_str()) && third.text == "(" {
            return Some((format!("`{}(..)`", second.text), second.line));
        }
        (MACROS.contains(&first.text.as_str()) && second.text == "!")
            .then(|| (format!("`{}!`", first.text), first.line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Tree;
    use crate::workspace::{Package, Workspace};

    fn found(source: &str) -> Vec<String> {
        let engine = Package { folder: "flowc".to_string(), published: true, ..Package::default() };
        let house = House {
            tree: Tree::of([("flowc/src/a.rs", source), ("xtask/src/a.rs", "fn a() { b.unwrap() }")]),
            workspace: Workspace { packages: vec![engine], ..Workspace::default() },
        };
        check(&house).into_iter().map(|problem| format!("{} {}", problem.place, problem.text)).collect()
    }

    #[test]
    fn each_way_to_panic_is_found() {
        for (source, what) in [
            ("fn a() { b.unwrap() }", "`unwrap(..)`"),
            ("fn a() { b.expect(\"c\") }", "`expect(..)`"),
            ("fn a() { panic!(\"b\") }", "`panic!`"),
            ("fn a() { todo!() }", "`todo!`"),
            ("fn a() { quote! { #b.unwrap() } }", "`unwrap(..)`"),
        ] {
            let found = found(source);
            assert_eq!(found.len(), 1, "{source}: {found:?}");
            assert!(found[0].starts_with("flowc/src/a.rs:1 ") && found[0].contains(what), "{found:?}");
        }
    }

    #[test]
    fn tests_docs_and_lookalikes_are_left_alone() {
        let source = "/// `a.unwrap()`\n#[expect(dead_code)]\nfn a() { b.unwrap_or(c); catch_panic(); std::panic::catch_unwind(d); }\n\
                      #[cfg(test)]\nmod tests { fn e() { f.unwrap() } }";
        assert_eq!(found(source), [""; 0]);
    }
}
