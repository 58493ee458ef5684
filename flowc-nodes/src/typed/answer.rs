//! What a model can be asked for.

use std::fmt;
use std::ops::Deref;

use flowc::__private::{Lift, Lifted};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::ChatRequest;

/// A type that a model can answer with: all that own their data and have `#[derive(serde::Deserialize, schemars::JsonSchema)]`.
#[diagnostic::on_unimplemented(
    message = "a model cannot answer with a `{Self}`",
    label = "`{Self}` has no schema, or cannot be read from JSON",
    note = "write `#[derive(serde::Deserialize, schemars::JsonSchema)]` at the type"
)]
pub trait Answer: Sized + Send + 'static {
    #[doc(hidden)]
    fn schema() -> Value;
    #[doc(hidden)]
    fn name() -> String;
    /// The value, or the place that its type does not take.
    #[doc(hidden)]
    fn read(value: Value) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Answer for T {
    fn schema() -> Value {
        schemars::schema_for!(T).to_value()
    }

    fn name() -> String {
        T::schema_name().into_owned()
    }

    fn read(value: Value) -> Result<T, String> {
        read(value)
    }
}

pub(super) fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| error.path().to_string())
}

/// How a value of a type is asked for and read.
pub(super) struct Kind<T> {
    pub(super) schema: fn() -> Value,
    pub(super) name: fn() -> String,
    pub(super) read: fn(Value) -> Result<T, String>,
}

impl<T> Kind<T> {
    pub(super) fn new() -> Self
    where
        T: Answer,
    {
        Self { schema: T::schema, name: T::name, read: T::read }
    }
}

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kind<T> {}

/// What a model is asked, and how its answer is read: a workflow gives what it is asked only, and gets here by itself.
///
/// A closure that stands for the step in a test looks at the former through it: `Asking<'_, Invoice>` has the fields of a [`ChatRequest`], as
/// [`extract`](crate::extract()) takes it, and a `Asking<'_, Intent, str>` is a `str`, as [`classify`](crate::classify()) does.
pub struct Asking<'a, T, Q: ?Sized = ChatRequest> {
    pub(super) asked: &'a Q,
    pub(super) kind: Kind<T>,
}

impl<'a, T: Answer, Q: ?Sized> Asking<'a, T, Q> {
    /// Asks this, for a `T`.
    pub fn new(asked: &'a Q) -> Self {
        Self { asked, kind: Kind::new() }
    }
}

impl<'a, T, Q: ?Sized> Lift<'a> for Asking<'a, T, Q> {
    type Given = &'a Q;
}

impl<'a, T: Answer, Q: ?Sized> Lifted<'a> for Asking<'a, T, Q> {
    fn lift(asked: &'a Q) -> Self {
        Self::new(asked)
    }
}

impl<T, Q: ?Sized> Clone for Asking<'_, T, Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, Q: ?Sized> Copy for Asking<'_, T, Q> {}

impl<T, Q: ?Sized> Deref for Asking<'_, T, Q> {
    type Target = Q;

    fn deref(&self) -> &Q {
        self.asked
    }
}

impl<T, Q: ?Sized + fmt::Debug> fmt::Debug for Asking<'_, T, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.asked.fmt(f)
    }
}
