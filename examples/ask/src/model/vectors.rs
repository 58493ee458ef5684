//! Texts as vectors.

use serde::{Deserialize, Serialize};

use super::Model;
use super::chat::{self, ModelError};

/// So many texts go with one request.
const BATCH: usize = 64;
/// Of a longer text only the beginning is compared, as models of vectors read little.
const MOST_CHARS: usize = 2_000;

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    input: Vec<&'a str>,
}

#[derive(Deserialize)]
struct Vectors {
    data: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    embedding: Vec<f32>,
}

/// A vector for each text, all of one length. Blocks until they are there or the model's time is over.
///
/// # Errors
/// [`ModelError`], with what to do.
pub fn vectors(model: &Model, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
    let mut all: Vec<Vec<f32>> = Vec::with_capacity(texts.len());
    for batch in texts.chunks(BATCH) {
        let input = batch.iter().map(|text| beginning(text)).collect();
        let bad = |why: String| ModelError::BadVectors { url: model.endpoint.clone(), why };
        let body =
            serde_json::to_vec(&Request { model: &model.name, input }).map_err(|error| bad(error.to_string()))?;
        let reply = chat::asked(model, &body)?;
        let vectors: Vectors = serde_json::from_slice(&reply).map_err(|error| bad(error.to_string()))?;
        if vectors.data.len() != batch.len() {
            return Err(bad(format!("{} texts were asked for, and {} came", batch.len(), vectors.data.len())));
        }
        all.extend(vectors.data.into_iter().map(|vector| vector.embedding));
    }
    let length = all.first().map_or(0, Vec::len);
    if length == 0 || all.iter().any(|vector| vector.len() != length) {
        let why = "the vectors are empty, or of different lengths".to_owned();
        return Err(ModelError::BadVectors { url: model.endpoint.clone(), why });
    }
    Ok(all)
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(MOST_CHARS).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}
