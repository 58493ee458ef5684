use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::InputError;
use super::absent;
use super::error::What;
use crate::graph::NodeSpec;

/// A type of an input that can be read from JSON, and has a schema; `S` is the step whose input it is. All types with
/// [`JsonSchema`] and [`Deserialize`](serde::Deserialize) that own their data are.
#[diagnostic::on_unimplemented(
    message = "the input of type `{Self}` of `{S}` cannot be read from JSON",
    label = "`{S}` takes a `{Self}`, which cannot be read from JSON",
    note = "write `#[derive(serde::Deserialize, schemars::JsonSchema)]` at the type, or take one that has both"
)]
pub trait InputValue<S>: Sized {
    #[doc(hidden)]
    fn schema(schemas: &mut SchemaGenerator) -> Schema;
    /// The value where none is given, or what is expected.
    #[doc(hidden)]
    fn absent() -> Result<Self, String>;
    /// The value, or the way to what is wrong in it and why.
    #[doc(hidden)]
    fn read(json: Value) -> Result<Self, (String, String)>;
}

#[diagnostic::do_not_recommend]
impl<S, T: JsonSchema + DeserializeOwned> InputValue<S> for T {
    fn schema(schemas: &mut SchemaGenerator) -> Schema {
        schemas.subschema_for::<T>()
    }

    fn absent() -> Result<Self, String> {
        absent::value()
    }

    fn read(json: Value) -> Result<Self, (String, String)> {
        serde_path_to_error::deserialize(json).map_err(|error| {
            let way = error.path().to_string();
            (if way == "." { String::new() } else { way }, error.into_inner().to_string())
        })
    }
}

/// A tuple of up to 16 inputs that can be read from JSON.
#[diagnostic::on_unimplemented(
    message = "the inputs of `{S}` cannot be read from JSON",
    label = "`{S}` has too many inputs for that",
    note = "a step with up to 16 inputs can be called from outside; make a struct of some of them"
)]
pub trait InputTuple<S>: Sized {
    /// The schema of each input, and whether it must be given.
    #[doc(hidden)]
    fn schemas(schemas: &mut SchemaGenerator) -> Vec<(Schema, bool)>;
    #[doc(hidden)]
    fn read(json: &mut Map<String, Value>, step: &'static NodeSpec) -> Result<Self, InputError>;
}

/// The inputs of a step, taken out of an object one by one.
struct Rest<'j> {
    json: &'j mut Map<String, Value>,
    step: &'static NodeSpec,
    next: usize,
}

impl Rest<'_> {
    fn take<S, T: InputValue<S>>(&mut self) -> Result<T, InputError> {
        // There are as many names as there are inputs: both come from one list of parameters.
        let input = self.step.inputs.get(self.next).map_or("", |param| param.name);
        self.next += 1;
        let read = match self.json.remove(input) {
            Some(json) => T::read(json).map_err(|(way, why)| {
                let dot = if way.is_empty() || way.starts_with('[') { "" } else { "." };
                What::Wrong { path: format!("{input}{dot}{way}"), why }
            }),
            None => T::absent().map_err(|expected| What::Missing { input, expected }),
        };
        read.map_err(|what| InputError { step: self.step, what })
    }
}

macro_rules! tuples {
    ($($first:ident $($rest:ident)*)?) => {
        impl<S, $($first: InputValue<S>, $($rest: InputValue<S>,)*)?> InputTuple<S> for ($($first, $($rest,)*)?) {
            #[allow(unused_variables)]
            fn schemas(schemas: &mut SchemaGenerator) -> Vec<(Schema, bool)> {
                vec![$(
                    ($first::schema(schemas), $first::absent().is_err()),
                    $(($rest::schema(schemas), $rest::absent().is_err()),)*
                )?]
            }

            #[allow(unused_variables, unused_mut, clippy::unused_unit)]
            fn read(json: &mut Map<String, Value>, step: &'static NodeSpec) -> Result<Self, InputError> {
                let mut rest = Rest { json, step, next: 0 };
                Ok(($(rest.take::<S, $first>()?, $(rest.take::<S, $rest>()?,)*)?))
            }
        }
        $(tuples!($($rest)*);)?
    };
}

tuples!(A B C D E F G H I J K L M N O P);
