//! Documents from files, folders and the web, each within what the application allows.

mod error;
mod fetch;
mod files;
mod html;
mod net;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(test)]
mod tests;

pub use error::{LoadError, LoadErrorKind};
pub use fetch::{HttpMethod, HttpReply, HttpRequest, http_request, load_page};
pub use files::{FileAccess, load_file, load_folder};
pub use html::{HtmlError, html_to_markdown};
pub use net::NetAccess;
#[cfg(feature = "pdf")]
pub use pdf::load_pdf;
