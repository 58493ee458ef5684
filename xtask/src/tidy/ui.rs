//! The compile errors are part of the product: one mistake gives one error.

use super::Problem;
use super::tree::Tree;

const MOST_LINES: usize = 40;
const FEWEST_FILES: usize = 80;

/// Everything about `tests/ui`.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    [errors_per_file, long_programs, lone_files, too_few].into_iter().flat_map(|check| check(tree)).collect()
}

/// Bad input: a `.stderr` in which one mistake gives two errors or none, or a `_many` file with only one.
fn errors_per_file(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| is_ui(path, ".stderr")) {
        let lines: Vec<_> = error_lines(text).collect();
        let many = path.trim_end_matches(".stderr").ends_with("_many");
        match (many, lines.as_slice()) {
            (false, [_]) | (true, [_, _, ..]) => {}
            (false, []) => problems.push(Problem::error(path, "holds no error; a warning alone belongs in tests/pass")),
            (false, [_, second, ..]) => problems.push(Problem::error(
                format!("{path}:{second}"),
                format!(
                    "holds {} errors for one mistake; leave one, or name a file of several mistakes `_many`",
                    lines.len()
                ),
            )),
            (true, _) => problems.push(Problem::error(
                path,
                format!("is named `_many` and holds {} error; each mistake must be reported", lines.len()),
            )),
        }
    }
    problems
}

/// The lines that open an error of the program itself, counted from 1. The compiler's closing words are none.
fn error_lines(text: &str) -> impl Iterator<Item = usize> {
    let closing =
        |line: &str| line.starts_with("error: aborting due to") || line.starts_with("error: could not compile");
    let opens = move |line: &str| (line.starts_with("error[") || line.starts_with("error:")) && !closing(line);
    text.lines().enumerate().filter(move |(_, line)| opens(line)).map(|(index, _)| index + 1)
}

/// Bad input: a UI program so long that a reader has to look for the mistake.
fn long_programs(tree: &Tree) -> Vec<Problem> {
    let long = |(path, text): (&str, &str)| {
        let lines = text.lines().count();
        let advice = format!("has {lines} lines; a UI program shows one mistake in at most {MOST_LINES}");
        (is_ui(path, ".rs") && lines > MOST_LINES).then(|| Problem::error(path, advice))
    };
    tree.texts().filter_map(long).collect()
}

/// Bad input: a program whose errors nobody compares, or a `.stderr` whose program is gone.
fn lone_files(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in tree.paths() {
        if is_ui(path, ".rs") && !tree.has(&path.replace(".rs", ".stderr")) {
            problems.push(Problem::error(path, "has no .stderr; write it with `cargo xtask ui --bless`"));
        }
        if is_ui(path, ".stderr") && !tree.has(&path.replace(".stderr", ".rs")) {
            problems.push(Problem::error(path, "belongs to no program; remove it"));
        }
    }
    problems
}

/// Bad input: a `tests/ui` that has been thinned out, or moved to where nothing looks.
fn too_few(tree: &Tree) -> Vec<Problem> {
    let count = tree.paths().filter(|path| is_ui(path, ".rs")).count();
    if count >= FEWEST_FILES {
        return Vec::new();
    }
    vec![Problem::error(
        "tests/ui",
        format!("holds {count} programs; each construct's mistakes make at least {FEWEST_FILES}"),
    )]
}

fn is_ui(path: &str, ending: &str) -> bool {
    // What stands in `ui/` itself is shared by the programs in its areas.
    path.strip_prefix("tests/ui/").is_some_and(|rest| rest.contains('/') && rest.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "error[E0308]: mismatched types\n --> a.rs\n  |\nerror: aborting due to 1 previous error\n";
    const TWO: &str = "error[E0308]: mismatched types\n\nerror: cannot find\n\nerror: could not compile `x`\n";

    fn errors(path: &str, text: &str) -> Vec<Problem> {
        errors_per_file(&Tree::of([(path, text)]))
    }

    #[test]
    fn one_error_is_right() {
        assert_eq!(errors("tests/ui/edges/wrong_type.stderr", ONE), []);
    }

    #[test]
    fn two_errors_for_one_mistake_are_found_at_the_second() {
        let found = errors("tests/ui/edges/wrong_type.stderr", TWO);
        assert_eq!(found[0].place, "tests/ui/edges/wrong_type.stderr:3");
        assert!(found[0].text.contains("2 errors"), "{found:?}");
    }

    #[test]
    fn no_error_is_found() {
        assert!(errors("tests/ui/area/a.stderr", "warning: unused\n")[0].text.contains("no error"));
        assert!(errors("tests/ui/area/a.stderr", "")[0].text.contains("no error"));
    }

    #[test]
    fn many_means_at_least_two() {
        assert_eq!(errors("tests/ui/edges/wrong_types_many.stderr", TWO), []);
        assert!(errors("tests/ui/edges/wrong_types_many.stderr", ONE)[0].text.contains("`_many` and holds 1"));
    }

    #[test]
    fn an_error_inside_a_quoted_line_is_not_counted() {
        let text = "error: bad duration\n --> a.rs\n  |\n3 | error: \"x\"\n  = note: error: not this\n";
        assert_eq!(errors("tests/ui/area/a.stderr", text), []);
    }

    #[test]
    fn programs_are_short() {
        let (fits, long) = ("x\n".repeat(40), "x\n".repeat(41));
        assert_eq!(long_programs(&Tree::of([("tests/ui/area/a.rs", fits.as_str())])), []);
        assert!(long_programs(&Tree::of([("tests/ui/area/a.rs", long.as_str())]))[0].text.contains("41 lines"));
        assert_eq!(long_programs(&Tree::of([("tests/run/a.rs", long.as_str())])), []);
    }

    #[test]
    fn program_and_errors_come_in_pairs() {
        assert_eq!(lone_files(&Tree::of([("tests/ui/area/a.rs", ""), ("tests/ui/area/a.stderr", "")])), []);
        assert!(lone_files(&Tree::of([("tests/ui/area/a.rs", "")]))[0].text.contains("no .stderr"));
        assert!(lone_files(&Tree::of([("tests/ui/area/a.stderr", "")]))[0].text.contains("no program"));
    }

    #[test]
    fn eighty_programs_are_enough() {
        let paths: Vec<_> = (0..80).map(|index| format!("tests/ui/area/mistake_{index}.rs")).collect();
        assert_eq!(too_few(&Tree::of(paths.iter().map(|path| (path.as_str(), "")))), []);
        assert!(too_few(&Tree::of(paths.iter().skip(1).map(|path| (path.as_str(), ""))))[0].text.contains("79"));
    }
}
