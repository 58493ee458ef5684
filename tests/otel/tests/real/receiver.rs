//! Sends the spans of real runs to a real receiver, and reads the tree that it got.

use std::path::Path;

use flowc::Engine;
use flowc::otel::{Otel, OtelConfig, OtelError};
use flowc_otel_tests::play::{App, report};
use flowc_otel_tests::rotel::Receiver;
use flowc_otel_tests::tree::{draw, only};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

const REPORT: &str = "\
invoke_workflow report: done
  execute_tool consult at report/consult: failed ERROR `nobody knows cats` (flowc_otel_tests::play::SearchError)
  invoke_workflow details at report/details: done
    execute_tool parse at report/details/parsed: done
      inside of the blocking call
    execute_tool weigh at report/details/weight: done
      inside of the spawned task
  execute_tool facts at report/facts: done
  execute_tool ask at report/header: done
    attempt #1 at report/header: done
  execute_tool summarise at report/notes[0]/summarise: done
  execute_tool summarise at report/notes[1]/summarise: done
  execute_tool search at report/pages: done
    attempt #1 at report/pages: failed ERROR `no line to the index of cats` (flowc_otel_tests::play::SearchError)
    attempt #2 at report/pages: done
";

/// A test of its own process would be the only other place for the subscriber of a whole program, so all of it is seen here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_gets_the_whole_tree_of_a_run() {
    let receiver = Receiver::start(Path::new(SCRATCH));
    let config = OtelConfig::from_env()
        .service_name("the play")
        .attribute("deployment.environment.name", "test")
        .endpoint(receiver.endpoint());
    let otel = flowc::otel::install(config.clone()).unwrap();
    assert!(matches!(flowc::otel::install(config), Err(OtelError::Installed)));

    let engine = Engine::builder().resources(App::default()).build();
    let request = report("cats".to_owned()).correlation_id("request-7").traceparent(&format!("00-{TRACE}-{CALLER}-01"));
    let run = engine.start(request.tracestate("rojo=1"));
    let id = run.id().to_string();
    let said = run.await.unwrap();
    otel.shutdown().unwrap();

    let spans = receiver.spans(&["invoke_workflow report"]);
    assert_eq!(draw(&spans), REPORT);

    let root = only(&spans, "invoke_workflow report");
    assert_eq!(root.parent, CALLER);
    for span in &spans {
        assert_eq!(span.trace, TRACE, "{}", span.name);
        assert_eq!(span.kind, "SPAN_KIND_INTERNAL", "{}", span.name);
        assert_eq!(span.resource["service.name"], "the play");
        assert_eq!(span.resource["deployment.environment.name"], "test");
    }
    let ours = spans.iter().filter(|span| span.name.starts_with("invoke_") || span.name.starts_with("execute_"));
    for span in ours {
        assert_eq!(span.get("flowc.run.id"), id, "{}", span.name);
        assert_eq!(span.get("flowc.correlation.id"), "request-7", "{}", span.name);
        let (operation, called) = span.name.split_once(' ').unwrap();
        assert_eq!(span.get("gen_ai.operation.name"), operation);
        let name = if operation == "execute_tool" { "gen_ai.tool.name" } else { "gen_ai.agent.name" };
        assert_eq!(span.get(name), called);
    }
    let facts = only(&spans, "execute_tool facts");
    let shown: Vec<_> = facts.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let expected = [
        "flowc.correlation.id=request-7",
        "flowc.node=facts",
        "flowc.node.version=2.1.0",
        "flowc.outcome=done",
        &format!("flowc.run.id={id}"),
        "flowc.step=report/facts",
        "flowc.workflow=report",
        "gen_ai.operation.name=execute_tool",
        "gen_ai.tool.name=facts",
        "gen_ai.tool.type=function",
    ];
    assert_eq!(shown, expected);
    // The header of a call to the outside names the attempt that makes it, which also shows what the model used up.
    let asks = only(&spans, "execute_tool ask");
    let attempt = spans.iter().find(|span| span.parent == asks.id).unwrap();
    assert_eq!(said.rsplit(' ').next().unwrap(), format!("00-{TRACE}-{}-01;rojo=1", attempt.id));
    assert_eq!(attempt.get("gen_ai.request.model"), "small-model");
    assert_eq!((attempt.get("gen_ai.usage.input_tokens"), attempt.get("gen_ai.usage.output_tokens")), ("11", "4"));
    let weigh = only(&spans, "execute_tool weigh");
    assert_eq!(weigh.get("flowc.workflow"), "details");
}

#[test]
fn the_guide_shows_this_tree_and_names_the_conventions() {
    let guide = include_str!("../../../../docs/guide/tracing.md");
    assert!(guide.contains(&format!("```text\n{REPORT}```\n")), "the tree in the guide is not\n{REPORT}");
    assert!(guide.contains(&format!("release {}", flowc::otel::CONVENTIONS)));
}

#[tokio::test]
async fn a_collector_that_is_not_there_is_told_and_harms_no_run() {
    // Nobody listens on this port: it was free, and stays so for the moment that this takes.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let otel = Otel::new(OtelConfig::from_env().endpoint(format!("http://{free}"))).unwrap();
    let guard = tracing::subscriber::set_default(Registry::default().with(otel.layer()));
    let engine = Engine::builder().resources(App::default()).build();
    engine.start(report("cats".to_owned())).await.unwrap();
    drop(guard);
    assert!(otel.flush().is_err());
}
