//! A file has one purpose, and fits in a head.

use super::{House, Problem};

const LONG: usize = 400;
const TOO_LONG: usize = 600;

/// Bad input: a source file that has grown until nobody reads it from top to bottom.
pub(super) fn check(house: &House) -> Vec<Problem> {
    let sources = house.tree.texts().filter(|(path, _)| house.workspace.ships(path));
    let judge = |(path, text): (&str, &str)| match text.lines().count() {
        lines if lines > TOO_LONG => {
            Some(Problem::error(path, format!("has {lines} lines, the limit is {TOO_LONG}; split it")))
        }
        lines if lines > LONG => {
            Some(Problem::warning(path, format!("has {lines} lines; over {LONG}, look for a second purpose")))
        }
        _ => None,
    };
    sources.filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::Weight;
    use crate::tidy::tree::Tree;
    use crate::workspace::{Package, Workspace};

    #[test]
    fn long_files_are_warned_of_and_then_refused() {
        let weigh = |lines: usize| {
            let engine = Package { folder: "flowc".to_string(), published: true, ..Package::default() };
            let text = "x\n".repeat(lines);
            let house = House {
                tree: Tree::of([("flowc/src/a.rs", text.as_str())]),
                workspace: Workspace { packages: vec![engine], ..Workspace::default() },
            };
            check(&house).first().map(|problem| problem.weight)
        };
        assert_eq!(
            [weigh(400), weigh(401), weigh(600), weigh(601)],
            [None, Some(Weight::Warning), Some(Weight::Warning), Some(Weight::Error)]
        );
    }
}
