//! Answers from texts: from the files to the citation, and the vectors of a server.

use std::path::Path;

use flowc::{Resources, node, workflow};
use flowc_nodes::{
    ChatModel, ChatRequest, Chunk, EmbeddingModel, FileAccess, Hit, Provider, Qdrant, RetrievalErrorKind, SplitOptions,
    VectorStore, Vectors, WordIndex, add_vectors, deduplicate, embed, extract, fuse, load_folder, search_vectors,
    search_words, split_markdown,
};
use flowc_nodes_tests::{model, rough};
use flowc_test_peers::aimock::Aimock;
use serde_json::{Value, json};

#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
struct Draft {
    text: String,
    passages: Vec<usize>,
}

#[node]
fn prompt(question: &str, hits: &[Hit]) -> ChatRequest {
    let passages = hits.iter().enumerate();
    let passages: String = passages.map(|(number, hit)| format!("\nPassage {number}:\n{}\n", hit.chunk.text)).collect();
    ChatRequest::new(format!("Question: {question}\n{passages}"))
}

#[node]
fn cited(draft: Draft, hits: &[Hit]) -> Result<(String, Vec<Chunk>), String> {
    let sources = draft.passages.iter().map(|number| hits.get(*number).map(|hit| hit.chunk.clone()));
    let sources: Option<Vec<_>> = sources.collect();
    Ok((draft.text, sources.ok_or("it cites what is not there")?))
}

workflow! {
    fn fill(pattern: String) -> Vec<Chunk> {
        let documents = load_folder(pattern);
        let options = SplitOptions::characters(40);
        #[max(4)]
        let pieces = for document in &documents { split_markdown(document, &options) };
        let chunks = pieces.concat();
        let texts: Vec<String> = chunks.iter().map(|chunk| chunk.text.clone()).collect();
        let vectors = embed(&texts);
        add_vectors(&chunks, &vectors);
        chunks
    }

    fn answer(question: String) -> (String, Vec<Chunk>) {
        let by_words = search_words(&question, 20);
        let asked = vec![question.clone()];
        let vectors = embed(&asked);
        let by_vectors = search_vectors(&vectors[0], 1);
        let rankings = vec![by_words, by_vectors];
        let fused = fuse(&rankings, 4);
        let hits = deduplicate(fused, 0.9);
        let request = prompt(&question, &hits);
        let draft = extract::<Draft>(&request);
        cited(draft, &hits)
    }
}

#[derive(Resources)]
struct App {
    files: FileAccess,
    words: WordIndex,
    embeddings: Box<dyn EmbeddingModel>,
    store: Box<dyn VectorStore>,
    model: Box<dyn ChatModel>,
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

#[tokio::test]
async fn an_answer_cites_the_file_and_the_heading_that_say_it() {
    let draft = json!({ "text": "Heat makes the crust.", "passages": [0] }).to_string();
    let fixtures = json!([{ "match": { "userMessage": "Question" }, "response": { "content": draft } }]);
    let server = Aimock::start(scratch(), &fixtures);
    let docs = tempfile::tempdir().unwrap();
    std::fs::write(docs.path().join("bread.md"), "# Bread\n\nFlour and water.\n\n## Crust\n\nHeat makes the crust.\n")
        .unwrap();
    std::fs::write(docs.path().join("beer.md"), "# Beer\n\nMalt, hops and yeast.\n").unwrap();
    let model = model(Provider::OpenAi, server.port);
    let mut app = App {
        files: FileAccess::below(docs.path()).unwrap(),
        words: WordIndex::default(),
        embeddings: Box::new(model.clone()),
        store: Box::new(Vectors::new()),
        model: Box::new(model),
    };
    let chunks = fill("**/*.md".to_owned()).run(&app).await.unwrap_or_else(|failure| panic!("{failure}"));
    app.words.extend(chunks);
    // aimock's vectors have no meaning, but the same text has the same vector: the vectors find this text, and so do the words.
    let question = app.words.search("crust", 1).unwrap()[0].chunk.text.clone();
    let (text, sources) = answer(question).run(&app).await.unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(text, "Heat makes the crust.");
    assert_eq!((sources[0].source.as_str(), sources[0].headings.join("/")), ("bread.md", "Bread/Crust".to_owned()));
    let asked = server.journal().last().unwrap()["body"].to_string();
    assert!(asked.contains("Passage 0:\\n"), "{asked}");
}

fn chunk() -> Chunk {
    Chunk::new("bread.md", 7, "Flour and water.").headings(vec!["Bread".to_owned()])
}

#[tokio::test]
async fn a_server_of_vectors_stores_and_finds() {
    let found = json!([{ "id": "1", "score": 0.75, "metadata": chunk() }]);
    let server = Aimock::finding(scratch(), &json!([]), "docs", &found);
    let store = Qdrant::new(&format!("{}/vector/", server.address.trim_end_matches('/')), "docs").unwrap();
    store.add(&[chunk()], &[vec![1.0, 2.0]]).await.unwrap();
    assert_eq!(store.search(&[1.0, 2.0], 3).await.unwrap(), [Hit::new(chunk(), 0.75)]);
    let none = Qdrant::new(&format!("{}/vector", server.address.trim_end_matches('/')), "none").unwrap();
    let error = none.search(&[1.0, 2.0], 3).await.unwrap_err();
    let said =
        "the store answers with HTTP 404: Collection 'none' not found; make the collection first, or look at its name";
    assert_eq!(error.to_string(), said);
    for (vector, kind) in
        [(vec![f32::NAN], RetrievalErrorKind::NoDirection), (vec![0.0], RetrievalErrorKind::NoDirection)]
    {
        assert_eq!(*store.search(&vector, 1).await.unwrap_err().kind(), kind);
        assert_eq!(*store.add(&[chunk()], &[vector]).await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn a_point_has_an_id_that_stays_and_the_key_is_sent() {
    let (port, asked) = rough::hearing(rough::answer("200 OK", &[], r#"{"status":"ok"}"#)).await;
    let store = Qdrant::new(&format!("http://127.0.0.1:{port}"), "my docs").unwrap().api_key("secret-key");
    for _ in 0..2 {
        store.add(&[chunk()], &[vec![1.0, 2.0]]).await.unwrap();
    }
    let asked = asked.lock().unwrap().clone();
    assert!(asked[0].starts_with("PUT /collections/my%20docs/points?wait=true HTTP/1.1\r\n"), "{}", asked[0]);
    assert!(asked[0].to_lowercase().contains("api-key: secret-key"), "{}", asked[0]);
    let point = |request: &str| {
        let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
        body["points"][0].clone()
    };
    let first = point(&asked[0]);
    assert_eq!(first, point(&asked[1]));
    assert_eq!((first["id"].as_str().unwrap().len(), &first["vector"]), (36, &json!([1.0, 2.0])));
    assert_eq!(first["payload"]["source"], "bread.md");
    assert!(!format!("{store:?}").contains("secret-key"));
}

#[tokio::test]
async fn a_server_that_fails_says_how() {
    let wrong = r#"{"status":{"error":"Wrong input: Vector dimension error: expected dim: 4, got 2"}}"#;
    for (answer, said) in [
        (
            rough::answer("400 Bad Request", &[], wrong),
            "HTTP 400: Wrong input: Vector dimension error: expected dim: 4, got 2",
        ),
        (rough::answer("200 OK", &[], "private words"), "cannot be understood"),
        (
            rough::answer("200 OK", &[], r#"{"result":[{"score":1,"payload":{"other":"private"}}]}"#),
            "cannot be understood",
        ),
    ] {
        let port = rough::saying(answer).await;
        let store = Qdrant::new(&format!("http://127.0.0.1:{port}"), "docs").unwrap();
        let error = store.search(&[1.0, 2.0], 1).await.unwrap_err().to_string();
        assert!(error.contains(said) && !error.contains("private"), "{error}");
    }
    let store = Qdrant::new("http://127.0.0.1:1", "docs").unwrap();
    let error = store.search(&[1.0, 2.0], 1).await.unwrap_err();
    assert!(matches!(error.kind(), RetrievalErrorKind::Connect { .. }), "{error}");
}
