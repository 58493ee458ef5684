use std::fmt;

use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// The value of an input that was not given, where its type has one: `None` for an `Option`.
///
/// # Errors
/// What was expected.
pub(super) fn value<T: DeserializeOwned>() -> Result<T, String> {
    T::deserialize(Absent).map_err(|expected| expected.to_string())
}

/// Reads as nothing at all.
struct Absent;

/// What a visitor says that it expects.
struct Expected<V>(V);

impl<'de, V: Visitor<'de>> fmt::Display for Expected<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
}

impl<'de> Deserializer<'de> for Absent {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom(Expected(visitor)))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn only_an_option_may_be_absent() {
        assert_eq!(value::<Option<u32>>(), Ok(None));
        assert_eq!(value::<u32>(), Err("u32".to_owned()));
        assert_eq!(value::<String>(), Err("a string".to_owned()));
        assert_eq!(value::<Vec<u32>>(), Err("a sequence".to_owned()));
        assert!(value::<()>().is_err() && value::<serde_json::Value>().is_err());
    }
}
