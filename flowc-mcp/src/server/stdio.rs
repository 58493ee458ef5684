//! A conversation over standard input and output, with the program that started this one.

use std::sync::Arc;

use rmcp::service::serve_server_with_ct;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::stdio_pipes;
use tokio_util::sync::CancellationToken;

use super::ServeError;
use super::handler::{Handler, Nothing};
use super::shared::Shared;

/// Serves until the input ends.
pub(super) async fn serve(shared: Shared) -> Result<(), ServeError> {
    let shared = Arc::new(shared);
    let (input, output) = stdio_pipes();
    let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(shared.parts.limits.message_bytes);
    let handler = Handler { shared: Arc::clone(&shared), caller: None, beside: Nothing };
    let served = serve_server_with_ct(handler, transport, CancellationToken::new()).await;
    let ended = match served {
        Ok(service) => service.waiting().await.map(drop).map_err(|error| ServeError::Handshake(error.to_string())),
        // A client that closes the pipe at once wanted nothing.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(ServeError::Handshake(error.to_string())),
    };
    shared.cancel();
    ended
}
