//! Texts of errors, made by code that is not ours.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Chain;
use crate::run::Panicked;

/// A text; where the code that makes it panics, what it panicked with. No run ends by the text of an error.
#[cold]
pub(crate) fn safely(make: impl FnOnce() -> String) -> String {
    catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|payload| {
        let panicked = Panicked::new(payload);
        format!("an error whose text cannot be made, as that panics: {}", panicked.message())
    })
}

/// The texts of a chain of errors. A `source` that panics ends it.
pub(super) fn all(mut chain: Chain<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    while let Ok(Some(error)) = catch_unwind(AssertUnwindSafe(|| chain.next())) {
        texts.push(of(error));
    }
    texts
}

fn of(error: &(dyn Error + 'static)) -> String {
    safely(|| error.to_string())
}
