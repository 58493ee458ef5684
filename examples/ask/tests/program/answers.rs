//! The program run for real on good questions.

use crate::support;

use support::{ask, guide, repository, run};

#[test]
fn a_question_is_answered_with_quotes_places_and_scores() {
    let ran = run(ask().arg("--folder").arg(guide()).arg("How do I bound a map?"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("How do I bound a map?\n\n  > "), "{}", ran.stdout);
    assert!(ran.stdout.contains("To bound a map, write `#[max(n)]`"), "{}", ran.stdout);
    assert!(ran.stdout.contains("      #[max(8)]\n      let notes = for doc in &docs"), "{}", ran.stdout);
    let sources: Vec<_> = ran.stdout.lines().skip_while(|line| !line.starts_with("Sources")).skip(1).collect();
    let first = sources.first().unwrap();
    assert!(
        first.contains("[1]") && first.contains("maps.md:8-17") && first.contains("Maps > Bounding a map"),
        "{first}"
    );
}

#[test]
fn the_first_command_of_the_readme_finds_the_bound_in_the_guide() {
    let ran = run(ask().arg("How do I bound a map?").current_dir(repository()));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let quotes = ran.stdout.split("Sources").next().unwrap();
    assert!(quotes.contains("#[max("), "{}", ran.stdout);
    assert!(quotes.contains("] docs/guide/"), "a place is named from where one stands: {}", ran.stdout);
}

#[test]
fn the_workflow_draws_itself() {
    for (format, begins, words) in [
        ("mermaid", "flowchart TB\n", &["passages = for document in documents · at most 8", "complete · blocking"][..]),
        ("dot", "digraph", &["passages = for document in documents · at most 8", "complete · blocking"]),
        ("svg", "<svg", &["passages = for document in documents · at most 8", "complete · blocking", "</svg>"]),
    ] {
        let ran = run(ask().args(["--graph", format]));
        assert!(ran.code == 0 && ran.stderr.is_empty(), "{}", ran.stderr);
        assert!(ran.stdout.starts_with(begins), "{}", ran.stdout);
        for words in words {
            assert!(ran.stdout.contains(words), "no `{words}` in {}", ran.stdout);
        }
    }
}

#[test]
fn every_place_it_names_is_a_line_that_holds_the_quote() {
    let ran = run(ask().arg("--folder").arg(guide()).arg("What happens when an item or a loop fails?"));
    let mut checked = 0;
    let mut quote = String::new();
    for line in ran.stdout.lines() {
        if let Some(words) = line.strip_prefix("  > ").or_else(|| line.strip_prefix("      ")) {
            if quote.is_empty() {
                quote = words.to_owned();
            }
        } else if let Some((_, place)) = line.strip_prefix("    [").and_then(|line| line.split_once("] ")) {
            let (file, number) = place.rsplit_once(':').unwrap();
            let text = std::fs::read_to_string(file).unwrap();
            let there = text.lines().nth(number.parse::<usize>().unwrap() - 1).unwrap();
            let begins = quote.split(' ').next().unwrap();
            assert!(there.contains(begins), "`{quote}` is not at {place}: {there}");
            quote.clear();
            checked += 1;
        }
    }
    assert!(checked > 0, "{}", ran.stdout);
}

#[test]
fn the_same_question_gets_the_same_answer() {
    let answers: Vec<_> = (0..5).map(|_| run(ask().arg("-f").arg(guide()).arg("failure step run")).stdout).collect();
    assert!(answers.iter().all(|answer| Some(answer) == answers.first()), "{answers:#?}");
}

#[test]
fn steps_are_shown_on_stderr_unless_unwanted() {
    let ran = run(ask().arg("-f").arg(guide()).arg("map"));
    for step in
        ["query", "documents", "passages     3 items", "index", "found", "near", "hits", "route", "quote", "ask"]
    {
        let shown = ran.stderr.lines().filter(|line| line.starts_with(&format!("done    {step} "))).count();
        assert_eq!(shown, 1, "{step} in {}", ran.stderr);
    }
    assert_eq!(ran.stderr.lines().count(), 10, "{}", ran.stderr);
    assert!(!ran.stdout.contains("done "), "{}", ran.stdout);
    assert_eq!(run(ask().arg("-q").arg("-f").arg(guide()).arg("map")).stderr, "");
}

#[test]
fn a_question_without_a_hit_gets_a_kind_answer_with_suggestions() {
    let ran = run(ask().arg("-f").arg(guide()).arg("What is a worfklow in Paris?"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for words in ["say nothing about `worfklow` and `paris`", "`workflow` for `worfklow`", "Bounding a map"] {
        assert!(ran.stdout.contains(words), "no `{words}` in {}", ran.stdout);
    }
}

#[test]
fn help_teaches_and_the_version_is_told() {
    let help = run(ask().arg("--help"));
    assert!(help.code == 0 && help.stdout.contains("ask \"How do I bound a map?\"") && help.stderr.is_empty());
    assert_eq!(run(ask().arg("-V")).stdout, concat!("ask ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    drop(ours);
    let output = ask().arg("-qf").arg(guide()).arg("map").stdout(std::os::fd::OwnedFd::from(theirs)).output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = ask().arg("-qf").arg(guide()).arg("map").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: cannot write the answer: "));
}
