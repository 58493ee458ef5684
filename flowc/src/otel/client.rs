use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};

/// More than this of an answer is not read; a collector says a few words, if any.
const ANSWER: u64 = 64 * 1024;

/// Sends requests on the thread that asks, which is that of the exporter. It needs no runtime, so that spans leave also from a
/// program that has none, or whose runtime is on its way out.
#[derive(Debug)]
pub(super) struct Client(ureq::Agent);

impl Client {
    pub(super) fn new(limit: Duration) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(limit)).http_status_as_error(false).build();
        Self(config.into())
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let mut response = self.0.run(Request::from_parts(head, &*body))?;
        let answer = response.body_mut().with_config().limit(ANSWER).read_to_vec()?;
        let (head, _) = response.into_parts();
        Ok(Response::from_parts(head, answer.into()))
    }
}

impl HttpClient for Client {
    fn send_bytes<'s, 'f>(
        &'s self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(async move { self.send(request) })
    }
}
