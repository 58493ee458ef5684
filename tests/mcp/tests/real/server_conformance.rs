//! The conformance suite against a server of ours: all scenarios of a version, and the number of checks that they made.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flowc_mcp_tests::{beside::Beside, fixture, install};
use flowc_test_peers::tools::run;

/// What scenarios came to: how many of their checks passed, and how many failed.
type Results = BTreeMap<String, (usize, usize)>;

/// Runs the suite for a version: what came of it, and which scenarios the version requires.
async fn results(version: &'static str) -> (Results, Vec<String>, String) {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let serving = fixture::server().bind_http_beside("127.0.0.1:0", Beside::default()).await.unwrap();
    let url = format!("http://{}/mcp", serving.address());
    let suite = move || {
        let start = install::conformance(scratch);
        let package = start.parent().and_then(Path::parent).expect("the package of the suite");
        let required = std::fs::read_to_string(package.join(format!("requirements/{version}.yaml"))).unwrap();
        let mut node = Command::new(install::node_22(scratch));
        node.arg(&start).args(["server", "--url", &url, "--requirements", version]).current_dir(scratch);
        (run(&mut node, scratch, Duration::from_secs(300)), required)
    };
    let (outcome, required) = tokio::task::spawn_blocking(suite).await.unwrap();
    serving.shutdown(Duration::ZERO).await;
    let (_, summary) =
        outcome.stdout.split_once("=== SUMMARY ===").unwrap_or_else(|| panic!("no summary: {}", outcome.stderr));
    let results = summary.lines().filter_map(counts).map(|(name, counted)| (name.to_owned(), counted)).collect();
    let required = scenarios(&required).into_iter().map(str::to_owned).collect();
    (results, required, outcome.stdout)
}

/// Runs the suite for a version, and counts the scenarios that the version requires and that passed whole, and their checks.
async fn passed(version: &'static str) -> (usize, usize, Results) {
    let (results, required, said) = results(version).await;
    let mut failed = Vec::new();
    let (mut scenarios, mut checks) = (0, 0);
    for name in required {
        match results.get(&name) {
            Some((good, 0)) if *good > 0 => {
                scenarios += 1;
                checks += good;
            }
            other => failed.push(format!("{name}: {other:?}")),
        }
    }
    assert!(failed.is_empty(), "{failed:#?}\n{said}");
    (scenarios, checks, results)
}

/// `✓ ping: 1 passed, 0 failed`
fn counts(line: &str) -> Option<(&str, (usize, usize))> {
    let (name, rest) = line.trim_start_matches(['✓', '✗', '-', ' ']).split_once(": ")?;
    let number = |word: &str| rest.split(", ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok());
    Some((name, (number("passed")?, number("failed")?)))
}

/// The names in the list `server:` of the file.
fn scenarios(yaml: &str) -> Vec<&str> {
    let list = yaml.lines().skip_while(|line| *line != "server:").skip(1);
    list.take_while(|line| line.starts_with("  - ")).map(|line| line.trim_start_matches("  - ").trim()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_2025_11_25() {
    let (scenarios, checks, _) = passed("2025-11-25").await;
    assert_eq!(scenarios, 30);
    assert!(checks >= 70, "{checks}");
}

/// As many checks as the fixture server of rmcp passes.
#[tokio::test(flavor = "multi_thread")]
async fn the_version_2026_07_28() {
    let (scenarios, checks, results) = passed("2026-07-28").await;
    assert_eq!(scenarios, 37);
    assert!(checks >= 121, "{checks}");
    // Tasks are an extension, which no version requires.
    for (name, least, most) in TASKS {
        let (passed, failed) = results[name];
        assert!(passed >= least && failed <= most, "{name}: {passed} passed, {failed} failed");
    }
}

/// The scenarios of tasks: so many checks pass at least, and so many fail at most.
const TASKS: [(&str, usize, usize); 9] = [
    ("tasks-capability-negotiation", 5, 0),
    ("tasks-dispatch-and-envelope", 9, 0),
    // What goes wrong in a run is an error of its tool, which a model can read, and never one of the protocol.
    ("tasks-lifecycle", 8, 1),
    ("tasks-mrtr-composition", 2, 0),
    ("tasks-mrtr-input", 4, 0),
    ("tasks-request-headers", 5, 0),
    ("tasks-request-state-removal", 3, 0),
    // No workflow needs its client to know tasks: whoever does not waits for the result.
    ("tasks-required-task-error", 1, 1),
    ("tasks-wire-fields", 4, 0),
];
