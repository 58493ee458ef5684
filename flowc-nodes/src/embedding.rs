//! Texts as vectors.

use std::future::Future;
use std::pin::Pin;

use flowc::{Context, node};

use crate::model::{ModelError, Tokens, used};

/// Vectors on their way.
pub type Embedding<'a> = Pin<Box<dyn Future<Output = Result<Embedded, ModelError>> + Send + 'a>>;

/// A model that makes vectors of texts, near to each other where the texts are about the same. As an object it is a resource:
/// `embeddings: Box<dyn EmbeddingModel>`.
///
/// ```
/// use flowc_nodes::{Embedded, Embedding, EmbeddingModel};
///
/// /// Counts letters: enough to test a workflow.
/// struct Letters;
///
/// impl EmbeddingModel for Letters {
///     fn name(&self) -> &str {
///         "letters"
///     }
///
///     fn embed<'a>(&'a self, texts: &'a [String]) -> Embedding<'a> {
///         let count = |text: &String| ('a'..='z').map(|letter| text.matches(letter).count() as f32).collect();
///         Box::pin(async move { Ok(Embedded::new(texts.iter().map(count).collect())) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flowc_nodes::ModelError> {
/// let embedded = Letters.embed(&["abba".to_owned()]).await?;
/// assert_eq!(embedded.vectors[0][..3], [2.0, 2.0, 0.0]);
/// # Ok(())
/// # }
/// ```
pub trait EmbeddingModel: Send + Sync {
    /// What the model is called in events, spans, metrics and errors.
    fn name(&self) -> &str;

    /// Who runs it, by the name that OpenTelemetry's `gen_ai.provider.name` has for it, as `openai`: spans and metrics show it.
    fn provider(&self) -> Option<&str> {
        None
    }

    /// Makes a vector of each text, in their order and all of one length.
    ///
    /// # Errors
    /// What went wrong, with the name of the model and what to do about it.
    fn embed<'a>(&'a self, texts: &'a [String]) -> Embedding<'a>;
}

/// The vectors of some texts.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Embedded {
    /// One for each text, in their order and all of one length.
    pub vectors: Vec<Vec<f32>>,
    /// What the model used up.
    pub tokens: Tokens,
    /// What that cost, by the [prices](crate::Prices) of the application.
    pub cost: f64,
}

impl Embedded {
    /// These vectors.
    pub fn new(vectors: Vec<Vec<f32>>) -> Self {
        Self { vectors, ..Self::default() }
    }

    /// What the model used up.
    #[must_use]
    pub fn tokens(self, tokens: Tokens) -> Self {
        Self { tokens, ..self }
    }

    /// What that cost.
    #[must_use]
    pub fn cost(self, cost: f64) -> Self {
        Self { cost, ..self }
    }
}

/// Makes a vector of each text: a step for the application's embedding model.
///
/// Tokens and cost are told with [`Context::usage`], as [`chat`](crate::chat()) does.
///
/// ```
/// use flowc::workflow;
/// use flowc_nodes::embed;
///
/// workflow! {
///     pub fn vectors(texts: Vec<String>) -> Vec<Vec<f32>> {
///         embed(&texts)
///     }
/// }
/// ```
///
/// # Errors
/// See [`ModelErrorKind`](crate::ModelErrorKind).
#[node]
pub async fn embed(
    texts: &[String],
    #[resource] model: &dyn EmbeddingModel,
    #[context] cx: &Context,
) -> Result<Vec<Vec<f32>>, ModelError> {
    let call = cx.model_call("embeddings", model.name(), model.provider());
    match call.around(model.embed(texts)).await {
        Ok(Embedded { vectors, tokens, cost }) => {
            call.done(used(model.name(), tokens, cost));
            Ok(vectors)
        }
        Err(error) => {
            call.failed(&error.class(), &error);
            Err(error)
        }
    }
}
