use std::fmt;

use tokio_util::sync::{CancellationToken, WaitForCancellationFuture, WaitForCancellationFutureOwned};

/// Tells work that it is no longer wanted. Clones are the same token; a [`child`](Self::child) is cancelled with its parent, and
/// not the other way round.
///
/// An engine has a token, each of its runs a child of that, and each call of a step one of the run's. A run listens to a token of
/// yours with [`Prepared::cancel_on`](crate::Prepared::cancel_on); a node finds that of its call in
/// [`Context::token`](crate::Context::token).
///
/// ```
/// use flowc::CancelToken;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let request = CancelToken::new();
/// let query = request.child();
/// query.cancel();
/// assert!(!request.is_cancelled());
///
/// let other = request.child();
/// request.cancel();
/// other.cancelled().await;
/// # }
/// ```
#[derive(Clone, Default)]
pub struct CancelToken(CancellationToken);

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// A token that is cancelled with this one.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(self.0.child_token())
    }

    /// Cancels the token and its children, for good.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until it is cancelled.
    pub async fn cancelled(&self) {
        self.0.cancelled().await;
    }

    /// The same, by a future that has a name.
    pub(crate) fn waits(&self) -> WaitForCancellationFuture<'_> {
        self.0.cancelled()
    }

    /// The same, by a future that can be kept.
    pub(crate) fn waiting(&self) -> WaitForCancellationFutureOwned {
        self.0.clone().cancelled_owned()
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("is_cancelled", &self.is_cancelled()).finish()
    }
}
