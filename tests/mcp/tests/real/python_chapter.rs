//! The server of the guide's chapter on Python, as it stands there.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use flowc::{Resources, workflow};
use flowc_mcp::{CallOptions, McpServers, ServerConfig, mcp, snapshot};
use flowc_mcp_tests::install;
use serde_json::json;

mcp! {
    mod papers = "mcp/papers.json";
}

workflow! {
    fn reading(year: i64) -> i64 {
        let found = papers::find(year, Some(papers::Sort::Pages));
        let titles = found.into_iter().map(|paper| paper.title).collect::<Vec<_>>();
        papers::read(titles)
    }
}

#[derive(Resources)]
struct App {
    servers: McpServers,
}

/// The program of the chapter, in a file.
fn app() -> App {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let chapter = include_str!("../../../../docs/guide/python-servers.md");
    let (_, rest) = chapter.split_once("```python\n").unwrap();
    let (program, _) = rest.split_once("```\n").unwrap();
    let file = scratch.join(format!("papers-{}.py", std::process::id()));
    fs::write(&file, program).unwrap();
    let python = install::new_sdk(scratch).join("python3");
    let config = ServerConfig::stdio(python.to_string_lossy())
        .arg(file.to_string_lossy())
        .connect_timeout(Duration::from_secs(60));
    App { servers: McpServers::builder().server("papers", config).build() }
}

#[tokio::test]
async fn the_server_of_the_chapter_gives_typed_steps() {
    let app = app();
    let now = snapshot(&app.servers.server("papers").unwrap()).await.unwrap();
    let found = now.to_string();
    assert_eq!(found, papers::TOOLS.snapshot().to_string(), "write mcp/papers.json anew with:\n{found}");
    assert_eq!(reading(2014).run(&app).await.unwrap(), 45);

    let failure = reading(1999).run(&app).await.unwrap_err();
    let text = failure.report().to_string();
    assert!(text.contains("no papers of 1999; there are some of 2014 and 2017"), "{text}");
    app.servers.close().await;
}

#[tokio::test]
async fn the_server_of_the_chapter_tells_how_far_it_is_and_may_be_asked_again() {
    let app = app();
    let server = app.servers.server("papers").unwrap();
    let repeatable: Vec<_> =
        server.tools().await.unwrap().into_iter().map(|tool| (tool.name.clone(), tool.is_repeatable())).collect();
    assert_eq!(repeatable, [("find".to_owned(), true), ("read".to_owned(), false)]);

    let heard = Mutex::new(Vec::new());
    let options = CallOptions::new().progress(|progress| heard.lock().unwrap().push((progress.done, progress.total)));
    let read = server.call_with("read", json!({ "titles": ["Adam", "Attention"] }), &options).await.unwrap();
    assert_eq!(read.success().unwrap().structured, Some(json!({ "result": 30 })));
    drop(options);
    assert_eq!(heard.into_inner().unwrap(), [(1.0, Some(2.0)), (2.0, Some(2.0))]);
    app.servers.close().await;
}
