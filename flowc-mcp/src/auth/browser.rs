//! How a person gets to the page where to sign in.

use std::fmt;
use std::io;
use std::process::Stdio;

use flowc::AnyError;

use crate::credentials::BoxFuture;

/// How a person gets to the page where to sign in.
///
/// [`SystemBrowser`] opens the browser of this machine. A program without a screen can show or send the address instead; the
/// browser that opens it has to run on this machine, or be sent on to it, since that is where it comes back to.
///
/// ```
/// use flowc::AnyError;
/// use flowc_mcp::BoxFuture;
/// use flowc_mcp::auth::Browser;
///
/// #[derive(Debug)]
/// struct Printed;
///
/// impl Browser for Printed {
///     fn open<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), AnyError>> {
///         Box::pin(async move {
///             println!("Sign in at {url}");
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait Browser: fmt::Debug + Send + Sync + 'static {
    /// Shows a page. This need not wait until somebody signed in.
    fn open<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), AnyError>>;
}

/// The browser that a user has chosen in the settings of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), AnyError>> {
        Box::pin(async move {
            // The address is an argument of its own, and no shell reads it.
            let (program, first): (_, &[&str]) = if cfg!(target_os = "macos") {
                ("open", &[])
            } else if cfg!(windows) {
                ("rundll32", &["url.dll,FileProtocolHandler"])
            } else {
                ("xdg-open", &[])
            };
            let mut command = tokio::process::Command::new(program);
            command.args(first).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let status = command.status().await.map_err(|error| {
                AnyError::new(io::Error::new(error.kind(), format!("`{program}` cannot be started: {error}")))
            })?;
            if status.success() { Ok(()) } else { Err(AnyError::new(format!("`{program}` found no browser"))) }
        })
    }
}
