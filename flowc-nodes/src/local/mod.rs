//! Vectors of texts, made in this process, over the crate `candle`: the only part that names its types.

mod bert;
mod folder;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use self::bert::Bert;
use crate::embedding::{Embedded, Embedding, EmbeddingModel};
use crate::model::{ModelError, ModelErrorKind, Tokens};

/// A model of the BERT family, such as `MiniLM`, `BGE` or `E5`, that makes vectors in this process: no key, no server, and no text leaves the machine.
///
/// Its folder is what [sentence-transformers](https://sbert.net) writes: `config.json`, `tokenizer.json` and `model.safetensors`. How the vectors of
/// the words become one (their mean, or that of the first) is said by `1_Pooling/config.json`, and how much the model reads by
/// `sentence_bert_config.json`; without these files it is the mean, and as many tokens as the model has places for. Vectors have the
/// length 1.
///
/// The work is done by the threads that tokio has for what blocks, on all cores, for one call at a time; what several calls want at once waits.
/// A call that is dropped is left after the batch that it is at.
///
/// A text that has more tokens than the model reads is refused, as its end would be in no vector: split it smaller, or say
/// [`cutting`](Self::cutting).
///
/// ```no_run
/// use flowc::{Resources, workflow};
/// use flowc_nodes::{EmbeddingModel, LocalEmbeddings, embed};
///
/// workflow! {
///     pub fn vectors(texts: Vec<String>) -> Vec<Vec<f32>> {
///         embed(&texts)
///     }
/// }
///
/// #[derive(Resources)]
/// struct App {
///     embeddings: Box<dyn EmbeddingModel>,
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App { embeddings: Box::new(LocalEmbeddings::open("models/all-minilm-l6-v2")?) };
/// let found = vectors(vec!["a cat".to_owned(), "a kitten".to_owned()]).run(&app).await?;
/// # let _ = found;
/// # Ok(())
/// # }
/// ```
///
/// `candle` promises no oldest Rust: with this feature the crate is tried with the current one. Without optimisation the arithmetic takes
/// seconds for a sentence; a program that is built with `cargo build` wants `opt-level = 3` for `gemm`, `gemm-common` and `gemm-f32` under
/// `[profile.dev.package]`.
#[derive(Clone)]
pub struct LocalEmbeddings {
    name: Arc<str>,
    bert: Arc<Bert>,
    /// One call at a time: what it needs of the memory is bounded, and it has all cores.
    turn: Arc<Semaphore>,
    cuts: bool,
}

impl fmt::Debug for LocalEmbeddings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEmbeddings").field("name", &self.name).field("bert", &self.bert).finish_non_exhaustive()
    }
}

impl LocalEmbeddings {
    /// Reads a model from its folder, after which it is called. It blocks for as long as reading the file takes: open it before the program serves.
    ///
    /// # Errors
    /// [`ModelErrorKind::Config`], with the file and what is wrong: it is missing, larger than 4 GiB, broken, or of a model of another family.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, ModelError> {
        let folder = folder.as_ref();
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
        let name: Arc<str> = Arc::from(&*name);
        let bert =
            folder::read(folder).map_err(|problem| problem.of(&name, |problem| ModelErrorKind::Config { problem }))?;
        Ok(Self { name, bert: Arc::new(bert), turn: Arc::new(Semaphore::new(1)), cuts: false })
    }

    /// What the model is called in events, spans, metrics and errors.
    #[must_use]
    pub fn named(self, name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Reads of a text that is too long only the beginning.
    #[must_use]
    pub fn cutting(self) -> Self {
        Self { cuts: true, ..self }
    }

    /// So many tokens of a text are read at most; two of them stand for its beginning and its end.
    pub fn max_tokens(&self) -> usize {
        self.bert.longest()
    }

    /// So many numbers a vector has.
    pub fn dimension(&self) -> usize {
        self.bert.dimension()
    }

    async fn vectors(&self, texts: &[String]) -> Result<Embedded, ModelError> {
        let broken = |reason: String| ModelError::new(self.name.clone(), ModelErrorKind::Compute { reason });
        let turn = self.turn.clone().acquire_owned().await;
        let turn = turn.map_err(|_| broken("nobody gives turns any more".to_owned()))?;
        let (bert, cuts, texts) = (self.bert.clone(), self.cuts, texts.to_vec());
        let left = Left::default();
        let flag = left.0.clone();
        // The turn goes along: a call that is dropped still has the memory until it notices.
        let work = spawn_blocking(move || (bert.vectors(&texts, cuts, &flag), turn).0);
        let done = work.await.map_err(|error| broken("the arithmetic panicked".to_owned()).because(error))?;
        let (vectors, tokens) = done.map_err(|fault| match fault {
            Fault::Text(problem) => problem.of(&self.name, |problem| ModelErrorKind::Config { problem }),
            Fault::Model(problem) => problem.of(&self.name, |reason| ModelErrorKind::Compute { reason }),
        })?;
        Ok(Embedded::new(vectors).tokens(Tokens::new(tokens, 0)))
    }
}

impl EmbeddingModel for LocalEmbeddings {
    fn name(&self) -> &str {
        &self.name
    }

    fn embed<'a>(&'a self, texts: &'a [String]) -> Embedding<'a> {
        Box::pin(self.vectors(texts))
    }
}

/// Tells the thread that nobody waits for it any more.
#[derive(Default)]
struct Left(Arc<AtomicBool>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What is wrong, in words, and what is behind it.
#[derive(Debug)]
struct Problem {
    text: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), source: None }
    }

    fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    fn of(self, name: &Arc<str>, kind: impl FnOnce(String) -> ModelErrorKind) -> ModelError {
        let error = ModelError::new(name.clone(), kind(self.text));
        match self.source {
            Some(source) => error.because(Cause(source)),
            None => error,
        }
    }
}

/// Whose fault it is.
#[derive(Debug)]
enum Fault {
    Text(Problem),
    Model(Problem),
}

/// A boxed error as an error.
#[derive(Debug)]
struct Cause(Box<dyn Error + Send + Sync>);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
