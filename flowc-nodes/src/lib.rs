//! Steps for AI work: chat models that are chosen when the program runs, answers with a type, and vectors of texts.
//!
//! ```no_run
//! use flowc::{Resources, node, workflow};
//! use flowc_nodes::{ChatModel, ChatRequest, Model, ModelConfig, Provider, chat};
//!
//! #[node]
//! fn question(text: &str) -> ChatRequest {
//!     ChatRequest::new(text).system("Answer in one sentence.")
//! }
//!
//! workflow! {
//!     pub fn ask(text: String) -> String {
//!         let request = question(&text);
//!         let reply = chat(&request);
//!         reply.text
//!     }
//! }
//!
//! #[derive(Resources)]
//! struct App {
//!     model: Box<dyn ChatModel>,
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = ModelConfig::new(Provider::OpenAi, "gpt-4o-mini").api_key(std::env::var("OPENAI_API_KEY")?);
//! let app = App { model: Box::new(Model::new(config)?) };
//! println!("{}", ask("What is a monad?".to_owned()).run(&app).await?);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `providers` | on | [`Model`]: OpenAI, Anthropic, Gemini, Ollama, and whoever speaks a protocol of theirs |
//! | `agent` | | a model that chooses among tools until it has an answer |
//! | `dynamic` | | `register`: the nodes of this crate by their names, in a registry of `flowc` |
//! | `split` | | texts and Markdown in pieces, as [`Chunk`]s |
//! | `tokens` | | pieces measured in tokens of OpenAI's models, with vocabularies that are part of the program |
//! | `code` | | pieces of code along its syntax; needs a compiler of C |
//! | `retrieval` | | search by words, by vectors and by both; reranking by a model |
//! | `qdrant` | | the vectors of a Qdrant server |
//! | `load` | | files, folders and pages as [`Document`]s, and requests over HTTP, each within what the application allows |
//! | `pdf` | | the text of PDF files |
//! | `local-embeddings` | | [`LocalEmbeddings`]: vectors of a BERT model that is computed in this process |
//!
//! Without `providers` there is [`ChatModel`], for models of your own.

pub mod __private;
#[cfg(feature = "agent")]
mod agents;
mod cached;
mod document;
mod embedding;
#[cfg(feature = "load")]
mod load;
#[cfg(feature = "local-embeddings")]
mod local;
mod model;
mod prompt;
#[cfg(feature = "providers")]
mod providers;
#[cfg(feature = "dynamic")]
mod register;
#[cfg(feature = "retrieval")]
mod retrieval;
#[cfg(feature = "split")]
mod split;
mod summary;
#[cfg(any(feature = "load", feature = "providers", feature = "qdrant"))]
mod tls;
mod typed;

#[cfg(feature = "agent")]
pub use agents::{
    AgentError, AgentLimits, AgentReply, Approval, Approver, Approving, Asked, Talk, ToolError, ToolErrorKind, Tools,
    Turn, agent, decide, hear, open_talk, use_tool,
};
pub use cached::Cached;
pub use document::{Chunk, Document};
pub use embedding::{Embedded, Embedding, EmbeddingModel, embed};
#[cfg(feature = "pdf")]
pub use load::load_pdf;
#[cfg(feature = "load")]
pub use load::{
    FileAccess, HtmlError, HttpMethod, HttpReply, HttpRequest, LoadError, LoadErrorKind, NetAccess, html_to_markdown,
    http_request, load_file, load_folder, load_page,
};
#[cfg(feature = "local-embeddings")]
pub use local::LocalEmbeddings;
// The derive names this crate, and is used in it.
extern crate self as flowc_nodes;

pub use flowc_nodes_macros::Prompt;
pub use model::{
    ChatModel, ChatOptions, ChatReply, ChatRequest, Finish, Heard, Message, ModelError, ModelErrorKind, Part, Price,
    Prices, Replying, Tokens, ToolCall, ToolSpec, chat,
};
pub use prompt::Prompt;
#[cfg(feature = "providers")]
pub use providers::{Model, ModelConfig, Provider};
#[cfg(feature = "dynamic")]
pub use register::{candidates, register};
#[cfg(feature = "qdrant")]
pub use retrieval::Qdrant;
#[cfg(feature = "retrieval")]
pub use retrieval::{
    Adding, Hit, ModelReranker, RRF_K, Reranker, Reranking, RetrievalError, RetrievalErrorKind, Searching, VectorStore,
    Vectors, WordIndex, add_vectors, deduplicate, fuse, rerank, search_vectors, search_words,
};
#[cfg(feature = "tokens")]
pub use split::Vocabulary;
#[cfg(feature = "code")]
pub use split::{CodeLanguage, split_code};
#[cfg(feature = "split")]
pub use split::{SplitError, SplitOptions, Unit, split_markdown, split_text};
pub use summary::{map_reduce_summary, refine_summary};
pub use typed::{Answer, Asking, Extracting, classify, extract};
