//! The conformance suite of the protocol drives a client that is built on flowc-mcp.
//!
//! The scenarios are all that the suite wants for a version, 18 and 32. What counts is the number of checks that passed, too: a client
//! that does nothing passes some scenarios.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flowc_mcp_tests::install;
use flowc_test_peers::tools;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

/// Each scenario, and how many of its checks have to pass.
const OLD: &[(&str, usize)] =
    &[("initialize", 1), ("tools_call", 1), ("elicitation-sep1034-client-defaults", 5), ("sse-retry", 2)];

const NEW: &[(&str, usize)] = &[
    ("tools_call", 1),
    ("request-metadata", 5),
    ("sep-2322-client-request-state", 5),
    ("http-standard-headers", 7),
    ("http-custom-headers", 10),
    ("http-invalid-tool-headers", 5),
    ("json-schema-ref-no-deref", 1),
];

const OLD_AUTH: &[(&str, usize)] = &[
    ("auth/metadata-default", 18),
    ("auth/metadata-var1", 18),
    ("auth/metadata-var2", 18),
    ("auth/metadata-var3", 18),
    ("auth/basic-cimd", 13),
    ("auth/scope-from-www-authenticate", 14),
    ("auth/scope-from-scopes-supported", 14),
    ("auth/scope-omitted-when-undefined", 14),
    ("auth/scope-step-up", 20),
    ("auth/scope-retry-limit", 10),
    ("auth/token-endpoint-auth-basic", 19),
    ("auth/token-endpoint-auth-post", 19),
    ("auth/token-endpoint-auth-none", 19),
    ("auth/pre-registration", 13),
];

const NEW_AUTH: &[(&str, usize)] = &[
    ("auth/metadata-default", 18),
    ("auth/metadata-var1", 18),
    ("auth/metadata-var2", 18),
    ("auth/metadata-var3", 18),
    ("auth/basic-cimd", 12),
    ("auth/scope-from-www-authenticate", 14),
    ("auth/scope-from-scopes-supported", 14),
    ("auth/scope-omitted-when-undefined", 14),
    ("auth/scope-step-up", 23),
    ("auth/scope-retry-limit", 11),
    ("auth/token-endpoint-auth-basic", 19),
    ("auth/token-endpoint-auth-post", 19),
    ("auth/token-endpoint-auth-none", 19),
    ("auth/pre-registration", 12),
    ("auth/resource-mismatch", 2),
    ("auth/offline-access-scope", 12),
    ("auth/offline-access-not-supported", 14),
    ("auth/authorization-server-migration", 27),
    ("auth/iss-supported", 14),
    ("auth/iss-not-advertised", 14),
    ("auth/iss-supported-missing", 8),
    ("auth/iss-wrong-issuer", 8),
    ("auth/iss-unexpected", 8),
    ("auth/iss-normalized", 8),
    ("auth/metadata-issuer-mismatch", 3),
];

/// Optional, and so not wanted by any version.
const EXTENSIONS: &[(&str, usize)] = &[("auth/client-credentials-jwt", 8), ("auth/client-credentials-basic", 8)];

fn run(version: &str, scenarios: &[(&str, usize)]) {
    let scratch = Path::new(SCRATCH);
    let (node, suite) = (install::node_22(scratch), install::conformance(scratch));
    let mut failed = Vec::new();
    for (scenario, least) in scenarios {
        let mut command = Command::new(&node);
        // Its mock servers listen on all interfaces, unless they are told otherwise.
        command.arg("--require").arg(flowc_mcp_tests::peers::script("loopback.cjs"));
        command.arg(&suite).args(["client", "--command", env!("CARGO_BIN_EXE_conformance-client")]);
        // Extensions belong to no version.
        command.args(["--scenario", scenario, "--spec-version", version, "--force"]);
        let outcome = tools::run(&mut command, scratch, Duration::from_secs(120));
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        let passed = passed(&said);
        println!("{version} {scenario}: {passed} checks");
        if !outcome.ok || passed < *least {
            failed.push(format!("{scenario}: {passed} checks of {least}\n{said}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// How many checks passed, as the suite says at its end.
fn passed(said: &str) -> usize {
    let line = said.lines().rev().find_map(|line| line.trim().strip_prefix("Passed: "));
    let number = line.and_then(|line| line.split(['/', ',']).next());
    number.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
}

#[test]
fn version_2025_11_25() {
    run("2025-11-25", OLD);
}

#[test]
fn version_2026_07_28() {
    run("2026-07-28", NEW);
}

#[test]
fn authentication_2025_11_25() {
    run("2025-11-25", OLD_AUTH);
}

#[test]
fn authentication_2026_07_28() {
    run("2026-07-28", NEW_AUTH);
}

#[test]
fn authentication_of_programs() {
    run("2026-07-28", EXTENSIONS);
}
