use std::error::Error;
use std::fmt;
use std::ops::Deref;

/// The error of any node, its type no longer known.
///
/// It derefs to the error inside, so `downcast_ref`, `source` and `to_string` are those of the node's own error.
///
/// ```
/// use flowc::AnyError;
///
/// let error = AnyError::new(std::fmt::Error);
/// assert!(error.downcast_ref::<std::fmt::Error>().is_some());
/// ```
pub struct AnyError(pub(super) Box<dyn Error + Send + Sync>);

impl AnyError {
    /// Boxes an error. A `String`, an `anyhow::Error` or a boxed error will do as well.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// The box, for `downcast`.
    pub fn into_inner(self) -> Box<dyn Error + Send + Sync> {
        self.0
    }
}

impl Deref for AnyError {
    type Target = dyn Error + Send + Sync;
    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for AnyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
