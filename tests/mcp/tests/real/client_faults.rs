//! Servers that misbehave: nothing hangs, nothing is left behind, and no answer that arrived is lost.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use flowc_mcp::{
    CallOptions, McpError, McpErrorKind, McpServers, ProtocolVersion, RetryCalls, Server, ServerConfig, ServerState,
};
use flowc_mcp_tests::peers::{processes, rough, until};
use serde_json::json;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

fn one(config: ServerConfig) -> (McpServers, Server) {
    let servers = McpServers::builder().server("rough", config).build();
    let server = servers.server("rough").unwrap();
    (servers, server)
}

/// A file that a server of a test writes to, and whose name is in its command line.
fn marks(test: &str) -> (PathBuf, String) {
    let path = Path::new(SCRATCH).join(format!("marks-{test}-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let text = path.to_string_lossy().into_owned();
    (path, text)
}

async fn text(server: &Server, tool: &str, arguments: serde_json::Value) -> Result<String, McpError> {
    Ok(server.call(tool, arguments).await?.success()?.text())
}

#[tokio::test]
async fn a_server_that_is_killed_in_the_middle_of_a_call_is_told_and_started_again() {
    let (_path, text_of) = marks("kill");
    let (servers, server) = one(rough("plain").arg(&text_of).env("KEY", "s3cret-key"));
    let error = text(&server, "die", json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Closed { .. }), "{error}");
    let shown = error.to_string();
    assert!(
        shown.contains("signal: 9") && shown.contains("I was told to die") && shown.contains("[redacted]"),
        "{shown}"
    );
    assert!(!shown.contains("s3cret-key"), "{shown}");
    assert_eq!(text(&server, "echo", json!({ "text": "again" })).await.unwrap(), "again");
    servers.close().await;
    assert_eq!(processes(&text_of), 0);
}

#[tokio::test]
async fn what_is_safe_is_called_again_and_what_is_not_is_not() {
    let file = Path::new(SCRATCH).join(format!("die-once-{}", std::process::id()));
    let arguments = json!({ "file": file.to_string_lossy() });
    let _ = std::fs::remove_file(&file);
    let (_servers, server) = one(rough("plain"));
    let error = text(&server, "die_once", arguments.clone()).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Closed { .. }), "{error}");

    let _ = std::fs::remove_file(&file);
    let result = server.call_with("die_once", arguments.clone(), &CallOptions::new().idempotent()).await.unwrap();
    assert_eq!(result.text(), "alive");

    let _ = std::fs::remove_file(&file);
    let (_servers, server) = one(rough("plain").idempotent("die_once"));
    assert_eq!(text(&server, "die_once", arguments).await.unwrap(), "alive");
}

#[tokio::test]
async fn a_call_that_takes_too_long_ends_and_the_server_hears_of_it() {
    let (path, text_of) = marks("timeout");
    let (servers, server) = one(rough("plain").arg(&text_of));
    text(&server, "echo", json!({ "text": "up" })).await.unwrap();
    let started = Instant::now();
    let error = server
        .call_with("ignore", json!({}), &CallOptions::new().timeout(Duration::from_millis(300)))
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Timeout { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(3));
    let told = || std::fs::read_to_string(&path).unwrap_or_default().contains("cancelled");
    until("the cancellation", Duration::from_secs(5), told).await;
    servers.close().await;
}

#[tokio::test]
async fn dropping_a_call_and_cancelling_its_token_reach_the_server() {
    let (path, text_of) = marks("cancel");
    let (servers, server) = one(rough("plain").arg(&text_of));
    let count = || std::fs::read_to_string(&path).unwrap_or_default().matches("cancelled").count();
    tokio::time::timeout(Duration::from_secs(2), server.call("ignore", json!({}))).await.unwrap_err();
    until("the first cancellation", Duration::from_secs(5), || count() == 1).await;

    let token = flowc::CancelToken::new();
    let options = CallOptions::new().token(token.clone());
    let call = server.call_with("ignore", json!({}), &options);
    let (result, ()) = tokio::join!(call, async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        token.cancel();
    });
    assert!(matches!(result.unwrap_err().kind(), McpErrorKind::Cancelled));
    until("the second cancellation", Duration::from_secs(5), || count() == 2).await;
    servers.close().await;
}

#[tokio::test]
async fn a_server_that_hangs_is_found_out_and_replaced() {
    let (_path, text_of) = marks("hang");
    let file = format!(
        r#"{{ "mcpServers": {{ "rough": {{ "command": "python3", "args": [{:?}, "plain", {:?}], "x-flowc": {{ "pingTimeout": "300ms" }} }} }} }}"#,
        flowc_mcp_tests::peers::script("rough.py").to_string_lossy(),
        text_of
    );
    let servers = McpServers::builder().file(&flowc_mcp::ServersFile::text(file)).unwrap().build();
    let server = servers.server("rough").unwrap();
    text(&server, "echo", json!({ "text": "up" })).await.unwrap();
    let options = CallOptions::new().timeout(Duration::from_millis(200));
    let error = server.call_with("hang", json!({}), &options).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Timeout { .. }), "{error}");
    until("the end of what hangs", Duration::from_secs(15), || server.status().unwrap().state != ServerState::Ready)
        .await;
    assert_eq!(text(&server, "echo", json!({ "text": "again" })).await.unwrap(), "again");
    servers.close().await;
    assert_eq!(processes(&text_of), 0);
}

#[tokio::test]
async fn garbage_on_the_pipe_is_ignored() {
    let (_servers, server) = one(rough("plain"));
    assert_eq!(text(&server, "garbage", json!({})).await.unwrap(), "after the garbage");
}

#[tokio::test]
async fn answers_that_come_twice_or_to_nobody_do_no_harm() {
    let (_servers, server) = one(rough("plain"));
    for _ in 0..3 {
        assert_eq!(text(&server, "twice", json!({})).await.unwrap(), "first");
    }
    assert_eq!(text(&server, "echo", json!({ "text": "well" })).await.unwrap(), "well");
}

#[tokio::test]
async fn an_answer_of_100_megabytes_fails_its_call_alone() {
    let (_servers, server) = one(rough("plain").max_message(1 << 20));
    text(&server, "echo", json!({ "text": "up" })).await.unwrap();
    let pid = text(&server, "pid", json!({})).await.unwrap();
    let error = text(&server, "big", json!({ "megabytes": 100 })).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::TooLarge { limit: 1_048_576 }), "{error}");
    assert_eq!(text(&server, "pid", json!({})).await.unwrap(), pid);
}

#[tokio::test]
async fn a_big_answer_below_the_limit_arrives_whole() {
    let (_servers, server) = one(rough("plain"));
    assert_eq!(text(&server, "big", json!({ "megabytes": 8 })).await.unwrap().len(), 8 << 20);
}

#[tokio::test]
async fn a_server_that_forks_and_dies_leaves_nothing() {
    let (_path, text_of) = marks("fork");
    let (servers, server) = one(rough("plain").arg(&text_of));
    let error = text(&server, "fork", json!({})).await.unwrap_err();
    assert!(error.to_string().contains("exit status: 3"), "{error}");
    until("the end of the grandchild", Duration::from_secs(5), || processes(&text_of) == 0).await;
    servers.close().await;
}

#[tokio::test]
async fn nothing_is_left_when_the_servers_are_dropped() {
    let (_path, text_of) = marks("drop");
    let (servers, server) = one(rough("plain").arg(&text_of).pool(3, 3));
    text(&server, "echo", json!({ "text": "up" })).await.unwrap();
    until("three processes", Duration::from_secs(20), || processes(&text_of) == 3).await;
    drop((servers, server));
    until("the end of all of them", Duration::from_secs(10), || processes(&text_of) == 0).await;
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why() {
    let (_servers, server) = one(rough("crash").retry(RetryCalls::attempts(1)));
    let error = text(&server, "echo", json!({})).await.unwrap_err();
    let shown = error.to_string();
    assert!(matches!(error.kind(), McpErrorKind::Connect { .. }), "{shown}");
    assert!(shown.contains("exit status: 4") && shown.contains("there is no database"), "{shown}");

    let (_servers, server) = one(ServerConfig::stdio("no-such-program-anywhere"));
    let error = text(&server, "echo", json!({})).await.unwrap_err();
    assert!(error.to_string().contains("`no-such-program-anywhere` does not start"), "{error}");
    assert_eq!(error.help().unwrap(), "install the program, or give its whole path in `command`");
    assert_eq!(error.attempt(), 1);
}

#[tokio::test]
async fn a_server_may_take_15_seconds_to_start() {
    let (_servers, server) = one(rough("slow"));
    // A caller who does not wait so long does not keep it from coming up.
    let options = CallOptions::new().timeout(Duration::from_secs(1));
    let error = server.call_with("echo", json!({ "text": "early" }), &options).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Timeout { .. }), "{error}");
    assert_eq!(text(&server, "echo", json!({ "text": "late" })).await.unwrap(), "late");
}

#[tokio::test]
async fn the_version_is_agreed_on_with_servers_of_every_age() {
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let (_servers, server) = one(rough(version));
        text(&server, "echo", json!({ "text": "a" })).await.unwrap();
        let known = server.status().unwrap().info.unwrap().protocol;
        assert_eq!(known, Some(version.parse::<ProtocolVersion>().unwrap()));
    }
    let (_servers, server) = one(rough("modern"));
    text(&server, "echo", json!({ "text": "a" })).await.unwrap();
    assert_eq!(server.status().unwrap().info.unwrap().protocol, Some(ProtocolVersion::V2026_07_28));
}

#[tokio::test]
async fn a_server_that_offers_no_version_of_ours_is_refused_with_the_reason() {
    let (_servers, server) = one(rough("ancient"));
    let error = text(&server, "echo", json!({})).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`echo` of the server `rough` offers no version of the protocol that flowc speaks, only 1999-01-01"
    );
    assert!(error.help().unwrap().contains("2026-07-28"), "{:?}", error.help());
}

#[tokio::test]
async fn a_server_that_dies_of_a_new_question_or_ignores_it_is_asked_the_old_way() {
    for mode in ["touchy", "deaf"] {
        let (_path, text_of) = marks(mode);
        let (servers, server) = one(rough(mode).arg(&text_of));
        assert_eq!(text(&server, "echo", json!({ "text": "a" })).await.unwrap(), "a");
        servers.close().await;
        assert_eq!(processes(&text_of), 0);
    }
}

#[tokio::test]
async fn a_program_sees_what_it_needs_and_no_keys_of_others() {
    let (_servers, server) = one(rough("plain").env("GIVEN", "yes"));
    let seen: serde_json::Value =
        serde_json::from_str(&text(&server, "environment", json!({})).await.unwrap()).unwrap();
    assert_eq!(seen["GIVEN"], "yes");
    assert!(seen.get("PATH").is_some());
    // Cargo sets it for tests.
    assert!(std::env::var("CARGO_MANIFEST_DIR").is_ok() && seen.get("CARGO_MANIFEST_DIR").is_none(), "{seen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_at_once_all_come_back() {
    let (_servers, server) = one(rough("plain"));
    text(&server, "echo", json!({ "text": "up" })).await.unwrap();
    let calls = (0..10_000).map(|number| {
        let server = server.clone();
        tokio::spawn(async move {
            text(&server, "echo", json!({ "text": number.to_string() })).await.unwrap() == number.to_string()
        })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    assert_eq!(server.status().unwrap().in_flight, 0);
}

#[tokio::test]
async fn a_breaker_opens_for_a_server_that_is_down_and_not_for_one_that_refuses() {
    let policy = flowc::policy::BreakerPolicy::new()
        .failures(2)
        .window(Duration::from_secs(60))
        .cooldown(Duration::from_secs(60));
    let (_servers, server) = one(rough("plain").breaker(policy));
    for _ in 0..5 {
        let error = text(&server, "no-such-tool", json!({})).await.unwrap_err();
        assert!(matches!(error.kind(), McpErrorKind::Answer { code: -32602, .. }), "{error}");
    }
    for _ in 0..2 {
        text(&server, "die", json!({})).await.unwrap_err();
    }
    let error = text(&server, "echo", json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Refused(flowc::policy::Refused::BreakerOpen { .. })), "{error}");
}

#[tokio::test]
async fn arguments_that_do_not_fit_are_not_sent() {
    let (_servers, server) = one(rough("plain"));
    let error = server.call_with("echo", json!({ "text": 5 }), &CallOptions::new().validate()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`echo` of the server `rough` does not take these arguments: `/text`: 5 is not of type \"string\""
    );
    let error = server.call_with("ecko", json!({}), &CallOptions::new().validate()).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::NoTool { known } if known.contains(&"echo".to_owned())), "{error}");
}

#[tokio::test]
async fn servers_come_go_and_change_while_the_program_runs() {
    let (servers, server) = one(rough("plain"));
    text(&server, "echo", json!({ "text": "a" })).await.unwrap();
    assert!(servers.add("rough", rough("plain")).is_err());
    assert!(servers.add("other", rough("plain")).is_ok());
    assert_eq!(servers.names(), ["other", "rough"]);
    servers.replace("rough", rough("2024-11-05")).await;
    text(&server, "echo", json!({ "text": "a" })).await.unwrap();
    assert_eq!(server.status().unwrap().info.unwrap().protocol, Some(ProtocolVersion::V2024_11_05));
    assert!(servers.remove("rough").await);
    let error = text(&server, "echo", json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::NoServer { .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_changes_is_followed() {
    let path = Path::new(SCRATCH).join(format!("followed-{}.json", std::process::id()));
    let script = flowc_mcp_tests::peers::script("rough.py");
    let entry = |name: &str| {
        format!(r#""{name}": {{ "command": "python3", "args": [{:?}, "plain"] }}"#, script.to_string_lossy())
    };
    std::fs::write(&path, format!(r#"{{ "mcpServers": {{ {} }} }}"#, entry("first"))).unwrap();
    let servers = McpServers::watch(flowc_mcp::ServersFile::path(&path)).unwrap();
    let first = servers.server("first").unwrap();
    let pid = text(&first, "pid", json!({})).await.unwrap();
    std::fs::write(&path, format!(r#"{{ "mcpServers": {{ {}, {} }} }}"#, entry("first"), entry("second"))).unwrap();
    until("the second server", Duration::from_secs(10), || servers.names() == ["first", "second"]).await;
    assert_eq!(text(&first, "pid", json!({})).await.unwrap(), pid, "what did not change is left alone");
    std::fs::write(&path, "{ broken").unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(servers.names(), ["first", "second"]);
    std::fs::write(&path, format!(r#"{{ "mcpServers": {{ {} }} }}"#, entry("second"))).unwrap();
    until("the end of the first server", Duration::from_secs(10), || servers.names() == ["second"]).await;
}
