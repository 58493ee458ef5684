use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::step::Step;

/// Values are stored as JSON.
#[derive(Debug, Clone, Copy)]
pub struct Json;

/// A step that can be durable: all that its nodes give can be stored in the format `J`. Written by `#[node]` and `workflow!`, and
/// not meant to be implemented by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be durable",
    label = "a durable engine stores what the steps of `{Self}` give",
    note = "a workflow of `workflow!` can be durable; a graph that is made at run time runs on an engine without a journal"
)]
pub trait Journaled<J>: Step {
    /// Collects what stores and reads the outputs.
    #[doc(hidden)]
    fn codecs(codecs: &mut Codecs);
}

/// A type that a journal can store in the format `J`; `S` is the step that gives it. All types with [`Serialize`] and
/// [`Deserialize`](serde::Deserialize) that own their data are.
#[diagnostic::on_unimplemented(
    message = "what `{S}` gives, a `{Self}`, cannot be stored, so it cannot be a step of a durable run",
    label = "`{S}` gives a `{Self}`, which cannot be stored",
    note = "write `#[derive(serde::Serialize, serde::Deserialize)]` at the type, or run the workflow on an engine without a journal"
)]
pub trait Storable<S, J>: Sized {
    #[doc(hidden)]
    fn write(&self) -> Result<String, String>;
    #[doc(hidden)]
    fn read(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<S, T: Serialize + DeserializeOwned> Storable<S, Json> for T {
    fn write(&self) -> Result<String, String> {
        serde_json::to_string(self).map_err(|error| error.to_string())
    }

    fn read(text: &str) -> Result<Self, String> {
        read(text)
    }
}

/// Reads a stored value, or says where in it something is wrong.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let way = error.path().to_string();
        let why = error.into_inner();
        if way == "." { why.to_string() } else { format!("at `{way}`: {why}") }
    })
}

/// The inputs of workflow `W` as a tuple, if a journal can store them in the format `J`.
#[diagnostic::on_unimplemented(
    message = "the inputs of `{W}`, `{Self}`, cannot be stored, so it cannot be started as a durable run",
    label = "an input of `{W}` cannot be stored",
    note = "write `#[derive(serde::Serialize, serde::Deserialize)]` at the types of the inputs, or start the workflow on an engine \
            without a journal"
)]
pub trait StorableInputs<W, J>: Sized {
    #[doc(hidden)]
    fn write(&self) -> Result<String, String>;
    #[doc(hidden)]
    fn read(text: &str) -> Result<Self, String>;
}

#[diagnostic::do_not_recommend]
impl<W, T: Serialize + DeserializeOwned> StorableInputs<W, Json> for T {
    fn write(&self) -> Result<String, String> {
        Storable::<W, Json>::write(self)
    }

    fn read(text: &str) -> Result<Self, String> {
        <T as Storable<W, Json>>::read(text)
    }
}

/// How values of one type are written and read.
pub(crate) struct Codec<T> {
    pub(crate) write: fn(&T) -> Result<String, String>,
    pub(crate) read: fn(&str) -> Result<T, String>,
}

impl<T> Clone for Codec<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Codec<T> {}

/// How the outputs and errors of a workflow's steps are stored, by their types.
#[derive(Default)]
pub struct Codecs {
    /// A `Codec<T>` for each `T`.
    types: HashMap<TypeId, Box<dyn Any + Send + Sync>>,
    /// The workflows whose steps are here.
    entered: Vec<TypeId>,
}

impl Codecs {
    /// How the outputs of `S` are stored.
    #[doc(hidden)]
    pub fn output<S, J>(&mut self)
    where
        S: Step,
        S::Output: Storable<S, J>,
    {
        self.add(Codec { write: <S::Output as Storable<S, J>>::write, read: <S::Output as Storable<S, J>>::read });
    }

    /// Whether `W` is new here.
    #[doc(hidden)]
    pub fn enter<W: Step>(&mut self) -> bool {
        let (id, known) = (TypeId::of::<W>(), self.entered.contains(&TypeId::of::<W>()));
        if !known {
            self.entered.push(id);
        }
        !known
    }

    fn add<T: 'static>(&mut self, codec: Codec<T>) {
        self.types.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(codec));
    }

    pub(crate) fn of<T: 'static>(&self) -> Option<Codec<T>> {
        self.types.get(&TypeId::of::<T>())?.downcast_ref().copied()
    }
}

impl fmt::Debug for Codecs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codecs").field("types", &self.types.len()).finish_non_exhaustive()
    }
}

/// The error `E` of a node: it is stored if it can be, as `(&OfError::<E>::NEW).add(codecs)`; the method of the nearer type is taken.
#[derive(Debug)]
pub struct OfError<E>(PhantomData<fn() -> E>);

impl<E> OfError<E> {
    /// It.
    pub const NEW: Self = Self(PhantomData);
}

/// What [`OfError`] does for an error that can be stored.
pub trait ErrorCodec {
    /// Adds it.
    fn add(&self, codecs: &mut Codecs);
}

impl<E: Serialize + DeserializeOwned + 'static> ErrorCodec for OfError<E> {
    fn add(&self, codecs: &mut Codecs) {
        codecs.add(Codec::<E> { write: <E as Storable<(), Json>>::write, read: <E as Storable<(), Json>>::read });
    }
}

/// What [`OfError`] does for any other error.
pub trait NoErrorCodec {
    /// Adds nothing.
    fn add(&self, codecs: &mut Codecs);
}

impl<E> NoErrorCodec for &OfError<E> {
    fn add(&self, _: &mut Codecs) {}
}
