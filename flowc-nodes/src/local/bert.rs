//! From texts to vectors.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use candle_core::{DType, Device, Tensor};
use candle_transformers::models::bert::BertModel;
use tokenizers::{Encoding, Tokenizer, TruncationParams};

use super::{Fault, Problem};

/// So many tokens are computed at once, those that fill up short texts included: what it takes of the memory grows with it.
const BATCH: usize = 4096;

/// How the vectors of the tokens become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooling {
    Mean,
    First,
}

pub(super) struct Bert {
    model: BertModel,
    /// One that tells how long a text is, and one that cuts it.
    whole: Tokenizer,
    cutting: Tokenizer,
    pooling: Pooling,
    longest: usize,
    dimension: usize,
    pad: u32,
}

impl fmt::Debug for Bert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pooling, longest, dimension, .. } = self;
        f.debug_struct("Bert")
            .field("pooling", pooling)
            .field("longest", longest)
            .field("dimension", dimension)
            .finish_non_exhaustive()
    }
}

impl Bert {
    pub(super) fn new(
        model: BertModel,
        mut whole: Tokenizer,
        pooling: Pooling,
        longest: usize,
        dimension: usize,
        pad: u32,
    ) -> Result<Self, Problem> {
        // What the file says of lengths is meant for training.
        whole.with_padding(None);
        let wrong = |error| Problem::new("the tokenizer cuts no texts").because(error);
        whole.with_truncation(None).map_err(wrong)?;
        let mut cutting = whole.clone();
        let params = TruncationParams { max_length: longest, ..TruncationParams::default() };
        cutting.with_truncation(Some(params)).map_err(wrong)?;
        Ok(Self { model, whole, cutting, pooling, longest, dimension, pad })
    }

    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    pub(super) fn dimension(&self) -> usize {
        self.dimension
    }

    /// A vector of each text, and how many tokens were read. When `left` is set there is nobody who wants them.
    pub(super) fn vectors(
        &self,
        texts: &[String],
        cuts: bool,
        left: &AtomicBool,
    ) -> Result<(Vec<Vec<f32>>, u64), Fault> {
        let read = self.read(texts, cuts)?;
        let tokens = read.iter().map(|text| text.len() as u64).sum();
        // Texts of like lengths together: they need the least filling up.
        let mut order: Vec<(usize, &Encoding)> = read.iter().enumerate().collect();
        order.sort_by_key(|(_, text)| text.len());
        let mut vectors = vec![Vec::new(); texts.len()];
        let mut rest = order.as_slice();
        while !rest.is_empty() && !left.load(Ordering::Relaxed) {
            let (batch, others) = rest.split_at(fitting(rest));
            rest = others;
            let wrong = |text: &str| Problem::new(text);
            let found =
                self.batch(batch).map_err(|error| Fault::Model(wrong("the arithmetic failed").because(error)))?;
            for ((place, _), mut vector) in batch.iter().zip(found) {
                let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
                if !length.is_normal() {
                    return Err(Fault::Model(wrong("a vector is not of finite numbers")));
                }
                for x in &mut vector {
                    *x /= length;
                }
                if let Some(slot) = vectors.get_mut(*place) {
                    *slot = vector;
                }
            }
        }
        Ok((vectors, tokens))
    }

    /// The texts as tokens.
    fn read(&self, texts: &[String], cuts: bool) -> Result<Vec<Encoding>, Fault> {
        let tokenizer = if cuts { &self.cutting } else { &self.whole };
        let read = tokenizer.encode_batch_fast(texts.iter().map(String::as_str).collect(), true);
        let read = read.map_err(|error| Fault::Text(Problem::new("a text has no tokens").because(error)))?;
        match read.iter().enumerate().find(|(_, text)| text.len() > self.longest) {
            None => Ok(read),
            Some((number, text)) => Err(Fault::Text(Problem::new(format!(
                "text {number} (from 0) has {} tokens, and the model reads {}; split it smaller, or let it be cut with `.cutting()`",
                text.len(),
                self.longest
            )))),
        }
    }

    fn batch(&self, batch: &[(usize, &Encoding)]) -> candle_core::Result<Vec<Vec<f32>>> {
        let longest = batch.iter().map(|(_, text)| text.len()).max().unwrap_or_default();
        let filled = |part: fn(&Encoding) -> &[u32], with: u32| {
            let rows = batch.iter().flat_map(|(_, text)| {
                part(text).iter().copied().chain(std::iter::repeat_n(with, longest.saturating_sub(text.len())))
            });
            Tensor::from_iter(rows, &Device::Cpu)?.reshape((batch.len(), longest))
        };
        let ids = filled(Encoding::get_ids, self.pad)?;
        let types = filled(Encoding::get_type_ids, 0)?;
        let mask = filled(Encoding::get_attention_mask, 0)?;
        let words = self.model.forward(&ids, &types, Some(&mask))?;
        match self.pooling {
            Pooling::First => words.narrow(1, 0, 1)?.squeeze(1)?,
            Pooling::Mean => {
                let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
                words.broadcast_mul(&mask)?.sum(1)?.broadcast_div(&mask.sum(1)?)?
            }
        }
        .to_vec2()
    }
}

/// How many texts, each at least as long as the one before, fit into a batch: one does in any case.
fn fitting(texts: &[(usize, &Encoding)]) -> usize {
    let fits = |(number, (_, text)): &(usize, &(usize, &Encoding))| (number + 1) * text.len() <= BATCH;
    texts.iter().enumerate().take_while(fits).count().max(1)
}
