//! The file that a path means.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::LitStr;

use crate::messages as say;

/// A prompt that is longer than this is none, and reading it would hold up every build.
const LONGEST: u64 = 1 << 20;

/// The text of the file, or what to say.
pub(crate) fn read(path: &LitStr) -> Result<String, String> {
    let written = path.value();
    let begins = if is_beside(&written) { "the folder of this source file" } else { "the folder of Cargo.toml" };
    let found = place(path, &written).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound));
    found.and_then(|place| bounded(&place)).map_err(|error| say::unread(&written, &error, begins))
}

fn bounded(place: &Path) -> io::Result<String> {
    if !fs::metadata(place)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = String::new();
    if File::open(place)?.take(LONGEST + 1).read_to_string(&mut text)? as u64 > LONGEST {
        return Err(io::Error::other("it is longer than 1 MiB"));
    }
    Ok(text)
}

fn place(path: &LitStr, written: &str) -> Option<PathBuf> {
    let base = if is_beside(written) {
        path.span().local_file()?.parent()?.to_path_buf()
    } else {
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?)
    };
    Some(base.join(written))
}

/// With `./` or `../` in front it begins beside the source file, otherwise beside Cargo.toml.
fn is_beside(written: &str) -> bool {
    written.starts_with("./") || written.starts_with("../")
}

/// An expression that gives the text, and tells cargo to build again when the file changes.
pub(crate) fn include(path: &LitStr) -> TokenStream {
    let (span, written) = (path.span(), path.value());
    if is_beside(&written) || Path::new(&written).is_absolute() {
        return quote_spanned!(span=> ::core::include_str!(#path));
    }
    let tail = format!("/{written}");
    quote_spanned!(span=> ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #tail)))
}
