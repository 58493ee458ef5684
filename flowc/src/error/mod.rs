//! What a run says when it cannot finish.

mod any;
mod chain;
mod clean;
mod failure;
mod help;
mod json;
mod kind;
mod problem;
mod report;
mod site;
mod text;

pub use any::AnyError;
pub use chain::Chain;
pub use failure::Failure;
pub(crate) use help::Limit;
pub use kind::FailureKind;
pub use problem::Problem;
pub use report::Report;
pub(crate) use site::{Site, Stop};
pub(crate) use text::safely;

use std::any::{Any, type_name};
use std::error::Error;

/// What an error says, as far as that can be known of any type: its text where it is a type that we know, or its name.
pub(crate) fn describe<E: 'static>(error: &E) -> String {
    let any: &dyn Any = error;
    if let Some(text) = any.downcast_ref::<String>() {
        text.clone()
    } else if let Some(text) = any.downcast_ref::<&'static str>() {
        (*text).to_owned()
    } else if let Some(error) = any.downcast_ref::<AnyError>() {
        error.to_string()
    } else if let Some(error) = any.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        error.to_string()
    } else {
        type_name::<E>().to_owned()
    }
}
