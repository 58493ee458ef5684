use std::sync::Mutex;

use flowc::{FailureKind, Resources, workflow};
use schemars::JsonSchema;
use serde::Deserialize;

use super::*;
use crate::model::{ChatReply, Heard, Replying, Tokens};

/// Says what it is told to say, one after the other, and keeps what it was asked.
struct Script {
    replies: Mutex<Vec<&'static str>>,
    asked: Mutex<Vec<ChatRequest>>,
    binds: bool,
}

impl ChatModel for Script {
    fn name(&self) -> &'static str {
        "script"
    }

    fn takes_schema(&self) -> bool {
        self.binds
    }

    fn reply<'a>(&'a self, request: &'a ChatRequest, heard: Heard<'a>) -> Replying<'a> {
        Box::pin(async move {
            self.asked.lock().map_err(|_| cut())?.push(request.clone());
            let text = self.replies.lock().map_err(|_| cut())?.pop().ok_or_else(cut)?;
            heard(text);
            Ok(ChatReply::new(text).tokens(Tokens::new(10, 5)))
        })
    }
}

fn cut() -> ModelError {
    ModelError::new("script", ModelErrorKind::Cut)
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Person {
    name: String,
    age: u8,
}

workflow! {
    fn person(request: ChatRequest) -> Person {
        extract::<Person>(&request)
    }
}

#[derive(Resources)]
struct App {
    model: Box<dyn ChatModel>,
    script: std::sync::Arc<Script>,
}

struct Shared(std::sync::Arc<Script>);

impl ChatModel for Shared {
    fn name(&self) -> &str {
        self.0.name()
    }
    fn takes_schema(&self) -> bool {
        self.0.takes_schema()
    }
    fn reply<'a>(&'a self, request: &'a ChatRequest, heard: Heard<'a>) -> Replying<'a> {
        self.0.reply(request, heard)
    }
}

fn app(binds: bool, replies: &[&'static str]) -> App {
    let replies = Mutex::new(replies.iter().rev().copied().collect());
    let script = std::sync::Arc::new(Script { replies, asked: Mutex::default(), binds });
    App { model: Box::new(Shared(script.clone())), script }
}

fn ada() -> Person {
    Person { name: "Ada".to_owned(), age: 36 }
}

#[tokio::test]
async fn a_reply_that_fits_is_the_value() {
    for said in [
        r#"{"name":"Ada","age":36}"#,
        "```json\n{\"name\":\"Ada\",\"age\":36}\n```",
        " {\"name\":\"Ada\",\"age\":36}\n",
    ] {
        assert_eq!(person(ChatRequest::new("Who?")).run(&app(true, &[said])).await.ok(), Some(ada()), "{said}");
    }
}

#[tokio::test]
async fn a_schema_goes_where_the_model_looks_for_it() {
    for binds in [true, false] {
        let app = app(binds, &[r#"{"name":"Ada","age":36}"#]);
        let request = ChatRequest::new("Who?").system("Be brief.");
        assert_eq!(person(request).run(&app).await.ok(), Some(ada()));
        let asked = app.script.asked.lock().map(|asked| asked.clone()).unwrap_or_default();
        let system = asked.first().and_then(|request| request.system.clone()).unwrap_or_default();
        assert_eq!(asked.first().is_some_and(|request| request.options.schema.is_some()), binds);
        assert!(system.starts_with("Be brief.") && system.contains("\"age\"") != binds, "{system}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_shown_to_the_model_once() {
    let app = app(true, &[r#"{"name":"Ada"}"#, r#"{"name":"Ada","age":36}"#]);
    assert_eq!(person(ChatRequest::new("Who?")).run(&app).await.ok(), Some(ada()));
    let asked = app.script.asked.lock().map(|asked| asked.clone()).unwrap_or_default();
    let words: Vec<_> = asked.iter().map(ChatRequest::last_text).collect();
    assert_eq!(words.first().map(String::as_str), Some("Who?"));
    assert!(words.last().is_some_and(|text| text.contains("\"age\" is a required property")), "{words:?}");
    assert_eq!(asked.last().map(|request| request.messages.len()), Some(3));
}

#[tokio::test]
async fn a_second_reply_that_does_not_fit_is_an_error_that_names_the_field() {
    let app = app(true, &["Ada, of course", r#"{"name":"Ada","age":"old"}"#]);
    let Err(failure) = person(ChatRequest::new("Who?")).run(&app).await else { panic!("it fits") };
    assert_eq!(failure.kind(), FailureKind::Error);
    let text = failure.report().to_string();
    assert!(text.contains("`/age`: value is not of type \"integer\"") && !text.contains("old"), "{text}");
}

#[tokio::test]
async fn nothing_of_a_reply_is_in_an_error() {
    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(try_from = "String")]
    struct Even;
    impl TryFrom<String> for Even {
        type Error = String;
        fn try_from(text: String) -> Result<Self, String> {
            Err(format!("not even: {text}"))
        }
    }
    #[derive(Debug, Deserialize, JsonSchema)]
    struct Holder {
        _deep: Vec<Even>,
    }
    let script = app(true, &[]);
    let asked = Extracting::<Holder>::new(&*script.model).expect("a schema");
    for said in ["private words", "{\"_deep\":[\"private\"]}", "\"private\"", "{\"_deep\":\"private\"}"] {
        let problems = asked.read(said).expect_err("it does not fit").join("; ");
        assert!(!problems.contains("private"), "{problems}");
    }
    assert_eq!(
        asked.read("{\"_deep\":[\"x\"]}").expect_err("it does not fit"),
        ["`_deep[0]`: its type does not take it"]
    );
}
