use serde_json::{Value, json};

use super::{CallError, Calling, DynNode, LookupError, NodeInfo, Registry};
use crate::options::RunOptions;

/// Gives back what it is given.
struct Echo;

impl DynNode<()> for Echo {
    fn call<'a>(&'a self, inputs: Value, (): &'a (), _: RunOptions) -> Calling<'a> {
        Box::pin(async { if inputs.is_null() { Err(CallError::Other("nothing to say".into())) } else { Ok(inputs) } })
    }
}

fn object(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn node(version: &str, input: Value) -> NodeInfo {
    NodeInfo::new("search", version).input_schema(input).origin(format!("search-{version}"))
}

fn of(nodes: Vec<NodeInfo>) -> Registry<()> {
    let mut registry = Registry::new();
    for node in nodes {
        registry.add(node, Echo).unwrap();
    }
    registry
}

fn text() -> Value {
    object(&json!({ "text": { "type": "string" } }), &["text"])
}

fn wider() -> Value {
    object(&json!({ "text": { "type": "string" }, "most": { "type": "integer" } }), &["text"])
}

/// What is said of `second` after `first`.
fn refused(first: NodeInfo, second: NodeInfo) -> String {
    let mut registry = of(vec![first]);
    let error = registry.add(second, Echo).unwrap_err().to_string();
    assert_eq!(registry.entries().count(), 1, "the registry is as it was");
    error
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let error = |info| Registry::new().add(info, Echo).unwrap_err().to_string();
    assert_eq!(
        error(NodeInfo::new("a b", "1.0.0")),
        "`a b` is no name for a node: it is looked up as in `name@^1.2`, so that it is not empty and has neither `@` nor spaces"
    );
    assert!(error(NodeInfo::new("", "1.0.0")).starts_with("`` is no name"));
    assert_eq!(
        error(NodeInfo::new("a", "1.0")),
        "node `a`: `1.0` is no version (unexpected end of input while parsing minor version number); write three numbers as in `1.4.0`"
    );
    assert_eq!(
        error(NodeInfo::new("a", "1.0.0").input_schema(json!(["text"]))),
        "node `a` 1.0.0: the schema of its inputs is to be a JSON object, and is [\"text\"]"
    );
    let long = json!("x".repeat(100));
    assert!(error(NodeInfo::new("a", "1.0.0").output_schema(long)).ends_with("xxx…"));
}

#[test]
fn the_same_twice_is_one_and_another_is_refused() {
    let mut registry = of(vec![node("1.0.0", text())]);
    registry.add(node("1.0.0", text()), Echo).unwrap();
    assert_eq!(registry.entries().count(), 1);
    assert_eq!(
        refused(node("1.0.0", text()), node("1.0.0", object(&json!({}), &[])).origin("b.rs:3")),
        "node `search` 1.0.0 is registered twice: from search-1.0.0, and from b.rs:3\n\
         input `text`: gone\n  - {\"type\":\"string\"}\n\
         help: give one of them another name or version"
    );
    // Alike, but not the same node.
    assert_eq!(
        refused(node("1.0.0", text()), node("1.0.0", text()).origin("")),
        "node `search` 1.0.0 is registered twice: from search-1.0.0, and from elsewhere\n\
         help: give one of them another name or version"
    );
}

#[test]
fn a_compatible_number_is_a_promise() {
    // In whichever order they come.
    for (first, second) in [("1.0.0", "1.1.0"), ("1.1.0", "1.0.0")] {
        let of = |version| if version == "1.0.0" { wider() } else { text() };
        assert_eq!(
            refused(node(first, of(first)), node(second, of(second))),
            "node `search` 1.1.0 breaks the callers of 1.0.0\n\
             input `most`: gone\n  - {\"type\":\"integer\"}\n\
             help: keep what 1.0.0 had, or call it 2.0.0"
        );
    }
    assert!(refused(node("0.3.0", wider()), node("0.3.1", text())).ends_with("or call it 0.4.0"));
    let required = object(&json!({ "text": { "type": "string" }, "most": { "type": "integer" } }), &["text", "most"]);
    assert!(refused(node("1.0.0", wider()), node("1.0.1", required)).contains("input `most`: required now"));
    let less = |kind| {
        NodeInfo::new("search", "1.0.0").output_schema(object(&json!({ "found": { "type": kind } }), &["found"]))
    };
    let more = NodeInfo { version: "1.4.0".to_owned(), ..less("number") };
    assert!(refused(less("integer"), more).contains("output `found`: another type"));
}

#[test]
fn a_candidate_between_two_versions_hides_neither() {
    let of_version = |version| node(version, if version == "1.2.0" { wider() } else { text() });
    for order in [["1.2.0", "1.3.0-rc.1", "1.3.0"], ["1.3.0", "1.3.0-rc.1", "1.2.0"]] {
        let mut registry = of(order.map(of_version).into_iter().take(2).collect());
        let wrong = registry.add(of_version(order[2]), Echo).unwrap_err().to_string();
        assert!(wrong.starts_with("node `search` 1.3.0 breaks the callers of 1.2.0"), "{wrong}");
    }
}

#[test]
fn what_promises_nothing_may_differ() {
    for (older, newer) in [("1.9.0", "2.0.0"), ("0.3.0", "0.4.0"), ("0.0.1", "0.0.2"), ("1.0.0-rc.1", "1.0.0")] {
        of(vec![node(older, wider()), node(newer, text())]);
    }
    // More than before breaks nobody.
    of(vec![node("1.0.0", text()), node("1.1.0", wider())]);
}

#[test]
fn versions_are_looked_up_as_in_cargo() {
    let registry =
        of(["1.0.0", "1.2.0", "1.10.0", "2.0.0", "3.0.0-beta.1"].map(|version| node(version, text())).into());
    let found = |name: &str| registry.get(name).map(|entry| entry.version().to_owned());
    assert_eq!(found("search").unwrap(), "2.0.0");
    assert_eq!(found("search@^1.2").unwrap(), "1.10.0");
    assert_eq!(found("search@1.0").unwrap(), "1.10.0");
    assert_eq!(found("search@=1.2.0").unwrap(), "1.2.0");
    assert_eq!(found("search@3.0.0-beta").unwrap(), "3.0.0-beta.1");
    assert_eq!(
        found("search@^4").unwrap_err().to_string(),
        "node `search` has no version `^4`; there is 1.0.0, 1.2.0, 1.10.0, 2.0.0, 3.0.0-beta.1"
    );
    assert!(matches!(found("search@latest"), Err(LookupError::Requirement { .. })));
    assert!(found("search@").is_err() && found("@").is_err() && found("").is_err());
    assert_eq!(found("zoo").unwrap_err(), LookupError::Unknown { name: "zoo".to_owned(), similar: None });
}

#[tokio::test]
async fn what_is_no_step_is_called_the_same_way() {
    let registry = of(vec![node("1.0.0", text())]);
    let echo = registry.get("search").unwrap();
    assert_eq!(echo.call(json!({ "a": 1 })).run(&()).await.unwrap(), json!({ "a": 1 }));
    assert_eq!(echo.call(Value::Null).run(&()).await.unwrap_err().to_string(), "nothing to say");
}

#[allow(unreachable_pub, reason = "only public nodes are collected")]
mod offered {
    use std::sync::Arc;

    use serde_json::json;

    use crate::dynamic::{Candidate, Entry, Provided, ProvidesAll, Registry};
    use crate::{Context, Provides};

    pub trait Voice: Send + Sync {
        fn say(&self, text: &str) -> String;
    }
    struct Loud;
    impl Voice for Loud {
        fn say(&self, text: &str) -> String {
            text.to_uppercase()
        }
    }
    pub struct Times(usize);

    #[flowc::node]
    pub(super) fn speak(text: &str, #[resource] voice: &dyn Voice, #[resource] times: &Times) -> String {
        voice.say(text).repeat(times.0)
    }
    #[flowc::node(blocking)]
    pub fn shout(text: String, #[resource] voice: Arc<dyn Voice>, #[context] cx: &Context) -> String {
        format!("{}: {}", cx.correlation_id().unwrap_or_default(), voice.say(&text))
    }
    #[flowc::node]
    fn hidden(text: String) -> String {
        text
    }
    pub struct Opaque;
    #[flowc::node]
    pub fn without_json(_opaque: Opaque) {}
    #[flowc::node]
    pub fn with_static(text: &'static str) -> &'static str {
        text
    }

    #[derive(flowc_macros::Resources)]
    struct App {
        voice: Arc<dyn Voice>,
        times: Times,
    }
    #[derive(flowc_macros::Resources)]
    struct Mute {
        times: Times,
    }
    struct ByHand(Times);
    impl Provides<Times> for ByHand {
        fn provide(&self) -> &Times {
            &self.0
        }
    }
    impl ProvidesAll for ByHand {
        fn provided(all: &mut Provided) {
            all.add::<Self, Times>();
        }
    }

    #[tokio::test]
    async fn what_a_node_needs_is_found_by_its_type() {
        let mut registry = Registry::<App>::new();
        registry.offer(&Candidate::of::<speak>()).unwrap().offer(&Candidate::of::<shout>()).unwrap();
        let app = App { voice: Arc::new(Loud), times: Times(2) };
        let said = registry.get("speak").unwrap().call(json!({ "text": "ha" })).run(&app).await.unwrap();
        assert_eq!(said, "HAHA");
        let call = registry.get("shout").unwrap().call(json!({ "text": "ho" })).correlation_id("7");
        assert_eq!(call.run(&app).await.unwrap(), "7: HO");
        let wrong = registry.get("speak").unwrap().call(json!({})).run(&app).await.unwrap_err();
        assert_eq!(wrong.to_string(), "input `text` of `speak` is missing, expected a string");
    }

    #[test]
    fn what_an_application_lacks_is_said() {
        let error = Registry::<Mute>::new().offer(&Candidate::of::<speak>()).map(|_| ()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "node `speak` 1.0.0 needs the resource `dyn Voice`, which the application `Mute` does not have\n\
             help: give `Mute` a field of this type, or leave the node out"
        );
        assert_eq!(Candidate::of::<speak>().missing::<ByHand>(), ["dyn Voice"]);
        assert_eq!(Candidate::of::<speak>().missing::<()>(), ["dyn Voice", "Times"]);
    }

    #[cfg(feature = "collect")]
    #[test]
    fn public_nodes_with_json_are_collected() {
        let mut registry = Registry::<App>::new();
        registry.collect_where(|node| node.info().origin.contains("dynamic/tests.rs")).unwrap();
        let names: Vec<_> = registry.entries().map(Entry::name).collect();
        assert_eq!(names, ["shout"]);
        registry.collect_where(|node| node.missing::<App>().is_empty()).unwrap();
        let error = Registry::<Mute>::new().collect_where(|node| node.info().name == "shout").map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("`Arc<dyn Voice>`"), "{error}");
    }
}
