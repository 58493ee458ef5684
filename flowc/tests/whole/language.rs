//! The language as its design shows it.
use flowc::{Resources, node, workflow};

#[derive(Debug, Clone, PartialEq)]
pub struct Question(pub String);
#[derive(Debug, Clone, PartialEq)]
pub struct Query(pub String);
#[derive(Debug, Clone)]
pub struct Doc(pub String);
pub struct Docs(pub Vec<Doc>);
pub struct Facts {
    pub sufficient: bool,
}
pub struct Scored(pub Vec<usize>);
pub struct Ranked {
    pub top: Vec<Doc>,
}
#[derive(Debug, PartialEq)]
pub enum Answer {
    Composed(String),
    Person(String),
}
pub struct Index(pub Vec<&'static str>);

#[derive(Debug)]
pub struct SearchError;
impl std::fmt::Display for SearchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no index")
    }
}
impl std::error::Error for SearchError {}

#[node]
pub fn rewrite(question: &Question) -> Query {
    Query(question.0.to_lowercase())
}
#[node]
pub async fn search(query: &Query, #[resource] index: &Index) -> Result<Docs, SearchError> {
    tokio::task::yield_now().await;
    if index.0.is_empty() {
        return Err(SearchError);
    }
    Ok(Docs(index.0.iter().filter(|d| d.contains(&query.0)).map(|d| Doc((*d).to_owned())).collect()))
}
#[node]
pub async fn extract(docs: &Docs) -> Facts {
    tokio::task::yield_now().await;
    Facts { sufficient: !docs.0.is_empty() }
}
#[node]
pub async fn score(docs: &Docs) -> Scored {
    Scored(docs.0.iter().map(|d| d.0.len()).collect())
}
#[node]
pub fn rank(scored: &Scored, facts: &Facts, docs: &Docs) -> Ranked {
    let _ = (scored, facts);
    Ranked { top: docs.0.clone() }
}
#[node]
pub async fn summarise(doc: &Doc) -> Result<String, String> {
    tokio::task::yield_now().await;
    Ok(doc.0.to_uppercase())
}
#[node]
pub fn compose(question: &Question, facts: &Facts, notes: Vec<String>) -> Answer {
    let _ = facts;
    Answer::Composed(format!("{}: {}", question.0, notes.join(",")))
}
#[node]
pub fn escalate(question: Question) -> Answer {
    Answer::Person(question.0)
}

workflow! {
    /// Answers a question from the documents, or hands it to a person.
    pub fn answer(question: Question) -> Answer {
        let query  = rewrite(&question);
        let docs   = search(&query);
        let facts  = extract(&docs);
        let scored = score(&docs);
        let ranked = rank(&scored, &facts, &docs);

        #[max(8)]
        let notes = for doc in &ranked.top { summarise(doc) };

        if facts.sufficient {
            compose(&question, &facts, notes)
        } else {
            escalate(question)
        }
    }
}

#[derive(Resources)]
struct App {
    index: Index,
}

#[tokio::test]
async fn answers() {
    let app = App { index: Index(vec!["the cat", "a cat", "dog"]) };
    let reply = answer(Question("CAT".to_owned())).run(&app).await.unwrap();
    assert_eq!(reply, Answer::Composed("CAT: THE CAT,A CAT".to_owned()));
    let reply = answer(Question("fish".to_owned())).run(&app).await.unwrap();
    assert_eq!(reply, Answer::Person("fish".to_owned()));
    let app = App { index: Index(vec![]) };
    let failure = answer(Question("fish".to_owned())).run(&app).await.unwrap_err();
    assert_eq!(failure.step(), "answer/docs");
    assert_eq!(answer::GRAPH.vertices.len(), 12);
}

pub enum Thought {
    Done(String),
    Act(u32),
}
#[node]
pub fn plan(n: u32) -> Vec<u32> {
    vec![n]
}
#[node]
pub async fn think(state: &Vec<u32>) -> Thought {
    tokio::task::yield_now().await;
    if state.len() > 4 { Thought::Done(format!("{state:?}")) } else { Thought::Act(7) }
}
#[node]
pub fn act(mut state: Vec<u32>, call: u32) -> Vec<u32> {
    state.push(call);
    state
}

workflow! {
    pub fn agent(n: u32) -> String {
        let mut state = plan(n);
        #[max(12)]
        let reply = loop {
            match think(&state) {
                Thought::Done(reply) => break reply,
                Thought::Act(call) => state = act(state, call),
            }
        };
        let extra = plan(n);
        format!("{reply} {}", extra.len() + state.len())
    }

    pub fn outer(n: u32) -> String {
        let a = agent(n);
        match catch(agent(n)) {
            Ok(b) => format!("{a}{b}"),
            Err(failure) => failure.to_string(),
        }
    }
}

#[tokio::test]
async fn loops() {
    assert_eq!(agent(3).run(&()).await.unwrap(), "[3, 7, 7, 7, 7] 6");
    assert_eq!(outer(3).run(&()).await.unwrap(), "[3, 7, 7, 7, 7] 6[3, 7, 7, 7, 7] 6");
}

#[node(retry(attempts = 2, base = "1ms"))]
pub async fn third(n: &u32, #[context] cx: &flowc::Context) -> Result<u32, String> {
    if cx.attempt() < *n { Err(format!("attempt {}", cx.attempt())) } else { Ok(cx.attempt()) }
}

workflow! {
    pub fn patient(n: u32) -> u32 {
        #[retry(attempts = 5, base = "1ms")]
        let found = third(&n);
        found
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_that_overrides_the_retry_counts_its_attempts() {
    assert_eq!(patient(4).run(&()).await.unwrap(), 4);
    assert_eq!(patient(6).run(&()).await.unwrap_err().attempts(), 5);
}

#[node]
pub async fn forever(n: u32) -> u32 {
    tokio::time::sleep(std::time::Duration::from_secs(3600 + u64::from(n))).await;
    n
}

workflow! {
    pub fn in_time(x: u32) -> u32 {
        #[allow(unused_variables)]
        let unused = forever(x);
        let y = 3;
        y
    }
    pub fn not_asked(x: u32) {
        #[allow(unused_variables)]
        let unused = forever(x);
    }
}

/// Nothing waits for a step that nobody uses.
#[tokio::test(start_paused = true)]
async fn what_nobody_needs_delays_nothing() {
    let begun = tokio::time::Instant::now();
    assert_eq!(in_time(1).run(&()).await.unwrap(), 3);
    not_asked(1).run(&()).await.unwrap();
    assert!(begun.elapsed() < std::time::Duration::from_secs(1));
}

#[node]
pub async fn nap(ms: u64) -> u64 {
    tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
    ms
}
#[node]
pub async fn breaks(ms: u64) -> Result<u64, String> {
    tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
    Err(format!("broke after {ms}"))
}

workflow! {
    pub fn either(n: u64) -> u64 {
        let slow = nap(1000);
        let fast = nap(10);
        if n > 5 { slow } else { fast }
    }
    pub fn matched(n: u64) -> u64 {
        let slow = nap(1000);
        let fast = nap(10);
        let x = match n { 0 => fast, _ => slow + 1 };
        nap(x)
    }
    pub fn chained(n: u64) -> u64 {
        let slow = nap(1000);
        let fast = nap(10);
        if fast < n { fast } else if fast == n { slow } else { 0 }
    }
    pub fn bound(n: u64) -> u64 {
        let slow = nap(1000);
        let _sent = nap(1);
        if let Some(x) = Some(n) { x } else { slow }
    }
    pub fn spared(n: u64) -> u64 {
        let broken = breaks(500);
        let fine = nap(100);
        if n > 0 { fine } else { broken }
    }
}

/// An arm without steps, too, waits for its own inputs alone.
#[tokio::test(start_paused = true)]
async fn plain_arms_wait_for_their_own_inputs() {
    async fn took(run: impl Future<Output = Result<u64, flowc::Failure>>) -> (Option<u64>, u128) {
        let begun = tokio::time::Instant::now();
        (run.await.ok(), begun.elapsed().as_millis())
    }
    assert_eq!(took(either(0).run(&())).await, (Some(10), 10));
    assert_eq!(took(either(6).run(&())).await, (Some(1000), 1000));
    assert_eq!(took(matched(0).run(&())).await, (Some(10), 20));
    assert_eq!(took(chained(20).run(&())).await, (Some(10), 10));
    assert_eq!(took(chained(10).run(&())).await, (Some(1000), 1000));
    assert_eq!(took(bound(3).run(&())).await, (Some(3), 1));
    assert_eq!(took(spared(1).run(&())).await, (Some(100), 100));
    assert_eq!(took(spared(0).run(&())).await, (None, 500));
}
