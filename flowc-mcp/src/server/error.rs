use std::io;

/// Why workflows cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened at.
    #[error("cannot listen at `{address}`: {source}")]
    Bind {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// Others reach the server, and it does not know by which name.
    #[error(
        "a server at `{address}` is reached by others and has to know its names: give them with `.host(\"tools.example.com\")`"
    )]
    NoHost {
        /// The address.
        address: String,
    },
    /// Two workflows have one name.
    #[error("two tools are called `{name}`: give one of them another name with `ToolOptions::new().name(..)`")]
    Twice {
        /// The name.
        name: String,
    },
    /// The client at the other end of the pipe did not begin as the protocol says.
    #[error("the client did not begin a conversation: {0}")]
    Handshake(String),
}
