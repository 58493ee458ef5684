#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;

use candle_core::{DType, Device};
use candle_nn::{VarBuilder, VarMap};
use candle_transformers::models::bert::BertModel;
use serde_json::{Value, json};

use super::*;

fn config() -> Value {
    json!({
        "model_type": "bert", "vocab_size": 6, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 16, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "max_position_embeddings": 8,
        "type_vocab_size": 2, "initializer_range": 0.02, "layer_norm_eps": 1e-12,
    })
}

fn tokenizer() -> Value {
    let special = |name: &str, id: u32| json!({ "id": name, "ids": [id], "tokens": [name] });
    let one = |name: &str| json!({ "SpecialToken": { "id": name, "type_id": 0 } });
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": { "type": "Whitespace" }, "decoder": null,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [one("[CLS]"), { "Sequence": { "id": "A", "type_id": 0 } }, one("[SEP]")],
            "pair": [one("[CLS]"), { "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 1 } }],
            "special_tokens": { "[CLS]": special("[CLS]", 2), "[SEP]": special("[SEP]", 3) },
        },
        "model": { "type": "WordLevel", "unk_token": "[UNK]",
            "vocab": { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "cat": 4, "dog": 5 } },
    })
}

/// A model with weights of chance, small enough to be made here.
fn folder() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let weights = VarMap::new();
    let config: candle_transformers::models::bert::Config = {
        let mut config = config();
        config["pad_token_id"] = json!(0);
        serde_json::from_value(config).unwrap()
    };
    BertModel::load(VarBuilder::from_varmap(&weights, DType::F32, &Device::Cpu), &config).unwrap();
    weights.save(home.path().join("model.safetensors")).unwrap();
    put(home.path(), "config.json", &self::config());
    put(home.path(), "tokenizer.json", &tokenizer());
    home
}

fn put(home: &Path, name: &str, value: &Value) {
    let path = home.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, value.to_string()).unwrap();
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

/// A change of a folder, and what is said then.
type Row = (fn(&Path), &'static str);

#[test]
fn a_folder_that_is_no_model_is_refused_with_the_file() {
    let rows: [Row; 12] = [
        (|home| fs::remove_file(home.join("model.safetensors")).unwrap(), "model.safetensors` is missing"),
        (|home| fs::remove_file(home.join("tokenizer.json")).unwrap(), "tokenizer.json` is missing"),
        (|home| fs::remove_file(home.join("config.json")).unwrap(), "config.json` is missing"),
        (|home| fs::write(home.join("config.json"), "{").unwrap(), "config.json` is no JSON"),
        (|home| put(home, "config.json", &json!({ "model_type": "llama" })), "config.json` is of a `llama` model"),
        (|home| put(home, "config.json", &json!({})), "says no `model_type`"),
        (|home| put(home, "config.json", &json!({ "model_type": "bert" })), "describes no BERT model"),
        (|home| fs::write(home.join("tokenizer.json"), "[]").unwrap(), "tokenizer.json` is no tokenizer"),
        (|home| fs::write(home.join("model.safetensors"), [255; 64]).unwrap(), "model.safetensors` does not hold"),
        (
            |home| {
                let whole = fs::read(home.join("model.safetensors")).unwrap();
                fs::write(home.join("model.safetensors"), &whole[..whole.len() - 9]).unwrap();
            },
            "model.safetensors` does not hold",
        ),
        (
            |home| {
                let mut other = tokenizer();
                other["model"]["vocab"]["bird"] = json!(6);
                put(home, "tokenizer.json", &other);
            },
            "has 7 words and the model 6",
        ),
        (
            |home| put(home, "1_Pooling/config.json", &json!({ "pooling_mode_max_tokens": true })),
            "wants the words put together in another way",
        ),
    ];
    for (change, said) in rows {
        let home = folder();
        change(home.path());
        let error = LocalEmbeddings::open(home.path()).unwrap_err();
        assert!(matches!(error.kind(), ModelErrorKind::Config { .. }), "{error:?}");
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn sizes_that_no_model_has_are_refused() {
    for (field, value) in [
        ("num_attention_heads", 0),
        ("num_attention_heads", 3),
        ("hidden_size", 0),
        ("hidden_size", 1_i64 << 30),
        ("num_hidden_layers", 1_i64 << 40),
        ("max_position_embeddings", 2),
    ] {
        let home = folder();
        let mut other = config();
        other[field] = json!(value);
        put(home.path(), "config.json", &other);
        let error = LocalEmbeddings::open(home.path()).unwrap_err();
        assert!(matches!(error.kind(), ModelErrorKind::Config { .. }), "{field} {value}: {error:?}");
    }
}

#[tokio::test]
async fn vectors_have_the_length_one_in_whatever_batch() {
    let home = folder();
    let model = LocalEmbeddings::open(home.path()).unwrap().named("tiny");
    assert_eq!((model.dimension(), model.max_tokens(), EmbeddingModel::name(&model)), (8, 8, "tiny"));
    // More than one batch, with lengths in no order.
    let many: Vec<String> =
        (0..2_000).map(|number| ["cat", "dog dog", "cat dog cat dog cat"][number % 3].to_owned()).collect();
    let found = model.embed(&many).await.unwrap();
    assert_eq!((found.vectors.len(), found.tokens.input), (2_000, 667 * 3 + 667 * 4 + 666 * 7));
    for (text, vector) in many.iter().zip(&found.vectors) {
        let length = vector.iter().map(|x| x * x).sum::<f32>();
        assert!((length - 1.0).abs() < 1e-4, "{length}");
        let alone = found.vectors.iter().zip(&many).find(|(_, other)| *other == text).unwrap().0;
        let like: f32 = vector.iter().zip(alone).map(|(a, b)| a * b).sum();
        assert!(like > 0.9999, "{text}: {like}");
    }
    assert!(model.embed(&[]).await.unwrap().vectors.is_empty());
    assert_eq!(model.embed(&texts([""])).await.unwrap().tokens.input, 2);
}

#[tokio::test]
async fn what_fills_up_a_short_text_changes_nothing() {
    let model = LocalEmbeddings::open(folder().path()).unwrap();
    let alone = model.embed(&texts(["cat"])).await.unwrap().vectors;
    let beside = model.embed(&texts(["cat", "dog dog dog dog dog"])).await.unwrap().vectors;
    let like: f32 = alone[0].iter().zip(&beside[0]).map(|(a, b)| a * b).sum();
    assert!(like > 0.9999, "{like}");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_or_cut() {
    let home = folder();
    put(home.path(), "sentence_bert_config.json", &json!({ "max_seq_length": 5 }));
    let model = LocalEmbeddings::open(home.path()).unwrap();
    let long = texts(["cat", "cat dog dog dog dog"]);
    let error = model.embed(&long).await.unwrap_err();
    let said =
        "text 1 (from 0) has 7 tokens, and the model reads 5; split it smaller, or let it be cut with `.cutting()`";
    assert!(error.to_string().ends_with(said), "{error}");
    let cut = model.clone().cutting().embed(&long).await.unwrap();
    assert_eq!(cut.tokens.input, 3 + 5);
    let beginning = model.embed(&texts(["cat dog dog"])).await.unwrap().vectors;
    let like: f32 = cut.vectors[1].iter().zip(&beginning[0]).map(|(a, b)| a * b).sum();
    assert!(like > 0.9999, "{like}");
}

#[tokio::test]
async fn the_first_word_speaks_for_all_where_the_model_wants_it() {
    let home = folder();
    let mean = LocalEmbeddings::open(home.path()).unwrap();
    put(
        home.path(),
        "1_Pooling/config.json",
        &json!({ "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false }),
    );
    let first = LocalEmbeddings::open(home.path()).unwrap();
    let text = texts(["cat dog cat"]);
    assert_ne!(mean.embed(&text).await.unwrap().vectors, first.embed(&text).await.unwrap().vectors);
}

#[tokio::test]
async fn weights_that_are_no_numbers_give_an_error() {
    let home = folder();
    let path = home.path().join("model.safetensors");
    let mut weights = candle_core::safetensors::load(&path, &Device::Cpu).unwrap();
    let name = "embeddings.word_embeddings.weight";
    let broken = weights[name].affine(f64::NAN, 0.0).unwrap();
    weights.insert(name.to_owned(), broken);
    candle_core::safetensors::save(&weights, &path).unwrap();
    let error = LocalEmbeddings::open(home.path()).unwrap().embed(&texts(["cat"])).await.unwrap_err();
    assert!(matches!(error.kind(), ModelErrorKind::Compute { .. }), "{error:?}");
}

#[test]
fn a_call_that_nobody_waits_for_ends_at_the_next_batch() {
    let bert = folder::read(self::folder().path()).unwrap();
    let (found, _) = bert.vectors(&texts(["cat"]), false, &AtomicBool::new(true)).unwrap();
    assert!(found[0].is_empty());
}
