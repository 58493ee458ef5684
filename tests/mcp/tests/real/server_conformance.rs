//! The conformance suite against a server of ours: all scenarios of a version, and the number of checks that they made.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flowc_draw_tests::tools::run;
use flowc_mcp_tests::{beside::Beside, fixture, install};

/// Runs the suite for a version, and counts the scenarios that the version requires and that passed whole, and their checks.
async fn passed(version: &'static str) -> (usize, usize) {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let serving = fixture::server().bind_http_beside("127.0.0.1:0", Beside).await.unwrap();
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
    let results: BTreeMap<&str, (usize, usize)> = summary.lines().filter_map(counts).collect();
    let required = scenarios(&required);
    let mut failed = Vec::new();
    let (mut scenarios, mut checks) = (0, 0);
    for name in required {
        match results.get(name) {
            Some((good, 0)) if *good > 0 => {
                scenarios += 1;
                checks += good;
            }
            other => failed.push(format!("{name}: {other:?}")),
        }
    }
    assert!(failed.is_empty(), "{failed:#?}\n{}", outcome.stdout);
    (scenarios, checks)
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
    let (scenarios, checks) = passed("2025-11-25").await;
    assert_eq!(scenarios, 30);
    assert!(checks >= 70, "{checks}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_2026_07_28() {
    let (scenarios, checks) = passed("2026-07-28").await;
    assert_eq!(scenarios, 37);
    assert!(checks >= 119, "{checks}");
}
