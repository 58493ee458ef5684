//! The folder of a model, as sentence-transformers writes it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use serde::Deserialize;
use serde_json::{Value, json};
use tokenizers::Tokenizer;

use super::Problem;
use super::bert::{Bert, Pooling};

/// What is larger is not the file that it should be.
const SMALL: u64 = 1 << 20;
const VOCABULARY: u64 = 64 << 20;
const WEIGHTS: u64 = 4 << 30;

/// How the parts of a model of sentence-transformers are put together; of the ways, these two are computed here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PoolingFile {
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: bool,
}

#[derive(Deserialize)]
struct LengthFile {
    max_seq_length: Option<usize>,
}

pub(super) fn read(folder: &Path) -> Result<Bert, Problem> {
    let config = config(folder)?;
    let pooling = match optional::<PoolingFile>(folder, "1_Pooling/config.json")? {
        None | Some(PoolingFile { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }) => Pooling::Mean,
        Some(PoolingFile { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }) => Pooling::First,
        Some(_) => {
            let text = "wants the words put together in another way than by their mean or by the first of them";
            return Err(Problem::new(format!("{} {text}", shown(folder, "1_Pooling/config.json"))));
        }
    };
    let said = optional::<LengthFile>(folder, "sentence_bert_config.json")?.and_then(|file| file.max_seq_length);
    let longest = said.unwrap_or(usize::MAX).min(config.max_position_embeddings);
    // Its beginning and its end, and something between them.
    if longest < 3 {
        return Err(Problem::new(format!("the model of `{}` reads no text: {longest} tokens", folder.display())));
    }
    let tokenizer = tokenizer(folder, &config)?;
    let model = model(folder, &config)?;
    let pad = u32::try_from(config.pad_token_id).unwrap_or_default();
    Bert::new(model, tokenizer, pooling, longest, config.hidden_size, pad)
}

fn config(folder: &Path) -> Result<Config, Problem> {
    let name = "config.json";
    let wrong = |text: &str| Problem::new(format!("{} {text}", shown(folder, name)));
    let mut value: Value =
        serde_json::from_slice(&bytes(folder, name, SMALL)?).map_err(|error| wrong("is no JSON").because(error))?;
    match value.get("model_type").and_then(Value::as_str) {
        Some("bert") => {}
        other => {
            let kind = other.map_or("says no `model_type`".to_owned(), |kind| format!("is of a `{kind}` model"));
            return Err(wrong(&format!(
                "{kind}; only those of the type `bert` are computed here, such as MiniLM, BGE and E5"
            )));
        }
    }
    if let Some(fields) = value.as_object_mut() {
        // All models of this type have it so; not all say it.
        fields.entry("pad_token_id").or_insert(json!(0));
    }
    let config: Config =
        serde_json::from_value(value).map_err(|error| wrong("describes no BERT model that is known").because(error))?;
    let heads = config.num_attention_heads;
    if heads == 0 || config.hidden_size == 0 || !config.hidden_size.is_multiple_of(heads) {
        return Err(wrong("has sizes that no model can have"));
    }
    Ok(config)
}

fn tokenizer(folder: &Path, config: &Config) -> Result<Tokenizer, Problem> {
    let name = "tokenizer.json";
    let found = Tokenizer::from_bytes(bytes(folder, name, VOCABULARY)?)
        .map_err(|error| Problem::new(format!("{} is no tokenizer", shown(folder, name))).because(error))?;
    let (words, places) = (found.get_vocab_size(true), config.vocab_size);
    if words > places {
        let name = shown(folder, name);
        return Err(Problem::new(format!(
            "{name} has {words} words and the model {places}: they are of different models"
        )));
    }
    Ok(found)
}

fn model(folder: &Path, config: &Config) -> Result<BertModel, Problem> {
    let name = "model.safetensors";
    let broken = |error: candle_core::Error| {
        Problem::new(format!("{} does not hold the model that `config.json` describes", shown(folder, name)))
            .because(error)
    };
    let weights = bytes(folder, name, WEIGHTS)?;
    let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).map_err(broken)?;
    BertModel::load(weights, config).map_err(broken)
}

/// A file that not every folder has.
fn optional<T: for<'de> Deserialize<'de>>(folder: &Path, name: &str) -> Result<Option<T>, Problem> {
    if !folder.join(name).exists() {
        return Ok(None);
    }
    let read = serde_json::from_slice(&bytes(folder, name, SMALL)?);
    read.map(Some).map_err(|error| Problem::new(format!("{} cannot be read", shown(folder, name))).because(error))
}

fn bytes(folder: &Path, name: &str, limit: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = File::open(folder.join(name)).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > limit => {
            Err(Problem::new(format!("{} is larger than {} MiB", shown(folder, name), limit >> 20)))
        }
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = "is missing; the folder of a model has `config.json`, `tokenizer.json` and `model.safetensors`";
            Err(Problem::new(format!("{} {text}", shown(folder, name))))
        }
        Err(error) => Err(Problem::new(format!("{} cannot be read", shown(folder, name))).because(error)),
    }
}

fn shown(folder: &Path, name: &str) -> String {
    format!("`{}`", folder.join(name).display())
}
