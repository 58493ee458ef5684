use std::any::Any;
use std::fmt;
use std::hint::black_box;

/// What stands in the place of a secret wherever it would be shown.
const REDACTED: &str = "[redacted]";

/// A value that is shown nowhere: a key, a password, a token.
///
/// Printing it in any way gives `[redacted]`, and so does whatever it is a part of: an error, an event, a log line, a span, the
/// `Debug` of a whole application. [`expose`](Self::expose) is the only way to the value, and easy to search for. It fits wherever
/// a node or a workflow takes a value:
///
/// ```
/// use flowc::{Resources, Secret, node, workflow};
///
/// struct ApiKey(Secret<String>);
///
/// #[node]
/// async fn ask(question: &str, #[resource] key: &ApiKey) -> String {
///     // .. the key goes into a header, and nowhere else ..
///     let length = key.0.expose().len();
///     format!("{question} was asked with a key of {length} characters")
/// }
///
/// workflow! {
///     fn answer(question: String) -> String { ask(&question) }
/// }
///
/// #[derive(Resources)]
/// struct App {
///     key: ApiKey,
/// }
///
/// let app = App { key: ApiKey("hunter2".into()) };
/// assert_eq!(format!("{:?}", app.key.0), "[redacted]");
/// assert!(answer("why?".to_owned()).run_blocking(&app).unwrap().ends_with("7 characters"));
/// ```
///
/// When it is dropped, a `String`, a `Vec<u8>` or a `[u8; 32]` (or of 16, 24 or 64 bytes) is overwritten first. That makes it
/// harder to find in a memory dump, but it is no promise: copies that were made on the way are not known. Two secrets cannot be
/// compared, as `==` would tell by its time how much of a guess is right.
///
/// With the feature `serde` it can be read from a configuration. It is written as `"[redacted]"`, and that text cannot be read back:
/// who stored a secret by mistake is told so, and does not go on with a wrong one.
pub struct Secret<T: 'static>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T: Clone> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Default> Default for Secret<T> {
    fn default() -> Self {
        Self(T::default())
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(REDACTED)
    }
}

impl<T> Drop for Secret<T> {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Overwrites what it knows how to overwrite. Which type it is is known when this is compiled, so nothing is left of the others.
fn wipe(value: &mut dyn Any) {
    if let Some(text) = value.downcast_mut::<String>() {
        wipe_all(&mut std::mem::take(text).into_bytes());
    } else if let Some(bytes) = value.downcast_mut::<Vec<u8>>() {
        wipe_all(bytes);
    } else if let Some(bytes) = value.downcast_mut::<[u8; 16]>() {
        wipe_bytes(bytes);
    } else if let Some(bytes) = value.downcast_mut::<[u8; 24]>() {
        wipe_bytes(bytes);
    } else if let Some(bytes) = value.downcast_mut::<[u8; 32]>() {
        wipe_bytes(bytes);
    } else if let Some(bytes) = value.downcast_mut::<[u8; 64]>() {
        wipe_bytes(bytes);
    }
}

/// Also what is behind the end, where a longer text may have stood.
fn wipe_all(bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.resize(bytes.capacity(), 0);
    wipe_bytes(bytes);
    bytes.clear();
}

fn wipe_bytes(bytes: &mut [u8]) {
    bytes.fill(0);
    // Nobody reads the zeros, so the compiler would leave them out; it does not know that of what looks at them here.
    black_box(bytes);
}

#[cfg(feature = "serde")]
impl<T> serde::Serialize for Secret<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(REDACTED)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Secret<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Self(T::deserialize(deserializer)?);
        let text = (&value.0 as &dyn Any).downcast_ref::<String>();
        if text.is_some_and(|text| text == REDACTED) {
            return Err(serde::de::Error::custom(
                "this secret was redacted when it was written; give the secret itself",
            ));
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, wipe, wipe_all};

    #[test]
    fn it_is_shown_nowhere() {
        let secret = Secret::new("hunter2".to_owned());
        let shown = format!("{secret} {secret:?} {secret:#?} {secret:>12} {:?}", Some(&secret));
        assert_eq!(shown, "[redacted] [redacted] [redacted]   [redacted] Some([redacted])");
        assert_eq!(secret.expose(), "hunter2");
        assert_eq!(Secret::<String>::from("a").clone().expose(), "a");
    }

    #[test]
    fn what_is_known_is_overwritten() {
        let mut text = "hunter2".to_owned();
        wipe(&mut text);
        assert_eq!(text, "");
        let mut bytes = Vec::with_capacity(64);
        bytes.extend(b"a long key");
        bytes.truncate(3);
        wipe_all(&mut bytes);
        // What was written cannot be read without `unsafe`, except by growing into it: the place is the same.
        assert_eq!((bytes.len(), bytes.capacity()), (0, 64));
        let mut array = [7_u8; 32];
        wipe(&mut array);
        assert_eq!(array, [0; 32]);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn it_is_read_but_not_written() {
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Config {
            key: Secret<String>,
        }
        let config: Config = serde_json::from_str(r#"{"key": "hunter2"}"#).unwrap();
        assert_eq!(config.key.expose(), "hunter2");
        let written = serde_json::to_string(&config).unwrap();
        assert_eq!(written, r#"{"key":"[redacted]"}"#);
        let error = serde_json::from_str::<Config>(&written).err().unwrap().to_string();
        assert!(error.contains("was redacted"), "{error}");
    }
}
