use std::any::{Any, type_name};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A part of a result that a node streams with [`Context::emit`](crate::Context::emit).
///
/// ```
/// use flowc::Chunk;
///
/// #[derive(Debug, PartialEq)]
/// struct Token(u32);
///
/// assert_eq!(Chunk::from("a word").text(), Some("a word"));
/// assert_eq!(Chunk::value(Token(7)).downcast_ref::<Token>(), Some(&Token(7)));
/// ```
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Chunk {
    /// Text.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A value of the node's own type.
    Value(Payload),
}

/// A value of a node's own type, and the name of that type. The value stays in this process: what was written as JSON and read
/// again has only the name.
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Payload {
    pub(super) type_name: Cow<'static, str>,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) value: Option<Arc<dyn Any + Send + Sync>>,
}

impl Payload {
    /// The name of the type, as the compiler writes it.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The value, if it is one of type `T`.
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        self.value.as_ref()?.downcast_ref()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..)", self.type_name)
    }
}

impl Chunk {
    /// A value of the node's own type.
    pub fn value<T: Any + Send + Sync>(value: T) -> Self {
        Self::Value(Payload { type_name: Cow::Borrowed(type_name::<T>()), value: Some(Arc::new(value)) })
    }

    /// The text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bytes(_) | Self::Value(_) => None,
        }
    }

    /// The value, if it is one of type `T`.
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        match self {
            Self::Value(payload) => payload.downcast_ref(),
            Self::Text(_) | Self::Bytes(_) => None,
        }
    }
}

impl From<&str> for Chunk {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Chunk {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<&String> for Chunk {
    fn from(text: &String) -> Self {
        Self::Text(text.as_str().into())
    }
}

impl From<Vec<u8>> for Chunk {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<&[u8]> for Chunk {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::Bytes(bytes) => f.debug_tuple("Bytes").field(bytes).finish(),
            Self::Value(payload) => f.debug_tuple("Value").field(payload).finish(),
        }
    }
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Value(payload) => write!(f, "a value of type `{}`", payload.type_name),
        }
    }
}
