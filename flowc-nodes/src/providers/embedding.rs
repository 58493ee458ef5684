//! Vectors of providers.

use genai::ServiceTarget;
use genai::adapter::AdapterKind;
use genai::embed::{EmbedRequest, EmbedResponse};
use tokio::time::timeout;

use super::{Model, Provider};
use crate::embedding::{Embedded, Embedding, EmbeddingModel};
use crate::model::{ModelError, ModelErrorKind, Tokens};

/// So many texts go into one request: less than every provider allows.
const BATCH: usize = 96;

impl EmbeddingModel for Model {
    fn name(&self) -> &str {
        &self.name
    }

    fn provider(&self) -> Option<&str> {
        Some(self.config.provider.name())
    }

    /// Asks for 96 texts at a time, one request after the other.
    fn embed<'a>(&'a self, texts: &'a [String]) -> Embedding<'a> {
        Box::pin(async move {
            let (mut vectors, mut tokens) = (Vec::with_capacity(texts.len()), Tokens::default());
            for batch in texts.chunks(BATCH) {
                let (some, used) = self.batch(batch).await?;
                vectors.extend(some);
                tokens.input = tokens.input.saturating_add(used);
            }
            self.even(&vectors)?;
            Ok(Embedded::new(vectors).tokens(tokens).cost(self.prices.of(&self.name, tokens)))
        })
    }
}

impl Model {
    async fn batch(&self, texts: &[String]) -> Result<(Vec<Vec<f32>>, u64), ModelError> {
        let limit = self.config.idle_timeout;
        let target = match self.config.provider {
            // The protocol of responses has no vectors; they are at the same address in the older one.
            Provider::OpenAiResponses => {
                let ServiceTarget { endpoint, auth, mut model } = self.target();
                model.adapter_kind = AdapterKind::OpenAI;
                ServiceTarget { endpoint, auth, model }
            }
            _ => self.target(),
        };
        let asked = self.client.exec_embed(target, EmbedRequest::new_batch(texts.to_vec()), None);
        let answer = timeout(limit, asked).await.map_err(|_| self.error(ModelErrorKind::Timeout { limit }))?;
        let EmbedResponse { mut embeddings, usage, .. } = answer.map_err(|error| self.fault(error))?;
        embeddings.sort_by_key(|embedding| embedding.index);
        if embeddings.len() != texts.len() {
            let reason = format!("it has {} vectors for {} texts", embeddings.len(), texts.len());
            return Err(self.error(ModelErrorKind::Garbled { reason }));
        }
        let used = usage.prompt_tokens.and_then(|tokens| u64::try_from(tokens).ok()).unwrap_or_default();
        Ok((embeddings.into_iter().map(|embedding| embedding.vector).collect(), used))
    }

    /// Vectors of different lengths, or of what is no number, can be compared with nothing.
    fn even(&self, vectors: &[Vec<f32>]) -> Result<(), ModelError> {
        let length = vectors.first().map_or(0, Vec::len);
        let wrong =
            |vector: &Vec<f32>| vector.is_empty() || vector.len() != length || !vector.iter().all(|x| x.is_finite());
        if vectors.iter().any(wrong) {
            let reason = "its vectors are not all of one length and of finite numbers".to_owned();
            return Err(self.error(ModelErrorKind::Garbled { reason }));
        }
        Ok(())
    }
}
