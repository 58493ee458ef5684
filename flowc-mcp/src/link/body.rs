//! Bodies of HTTP answers, none of them longer than its limit.

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http_body_util::{BodyExt, BodyStream, Limited};
use hyper::body::Incoming;
use sse_stream::{Error as SseError, Sse, SseStream};

use super::ending::Ending;
use super::http::HttpFault;

/// So much of an error page is looked at.
const BEGINNING: usize = 2048;

/// The whole body.
pub(super) async fn whole(body: Incoming, limit: usize) -> Result<Bytes, HttpFault> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(HttpFault::TooLarge(limit)),
        Err(error) => Err(HttpFault::Broken(error)),
    }
}

/// The beginning of a body, for people, and for the errors in it.
pub(super) async fn beginning(mut body: Incoming) -> String {
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        if let Some(data) = frame.data_ref() {
            bytes.extend_from_slice(data);
        }
        if bytes.len() >= BEGINNING {
            bytes.truncate(BEGINNING);
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A stream of events, of which none is longer than the limit.
pub(super) fn events(body: Incoming, limit: usize, ending: &Ending) -> BoxStream<'static, Result<Sse, SseError>> {
    let (mut event, ending) = (EventLength::default(), ending.clone());
    let bytes = BodyStream::new(body).filter_map(|frame| async move {
        match frame {
            Ok(frame) => frame.into_data().ok().map(Ok),
            Err(error) => Some(Err(HttpFault::Broken(error.into()))),
        }
    });
    let limited = bytes.map(move |chunk: Result<Bytes, HttpFault>| {
        let chunk = chunk?;
        if event.after(&chunk) > limit {
            ending.because(format!("it sent a message of more than {limit} bytes"));
            return Err(HttpFault::TooLarge(limit));
        }
        Ok(chunk)
    });
    SseStream::from_bytes_stream(limited).boxed()
}

/// How long the event is that has not come to its end. An empty line ends it.
#[derive(Default)]
struct EventLength {
    length: usize,
    line: usize,
}

impl EventLength {
    /// The longest that it was while these bytes came.
    fn after(&mut self, chunk: &[u8]) -> usize {
        let mut longest = self.length;
        for byte in chunk {
            match byte {
                b'\n' if self.line == 0 => self.length = 0,
                b'\n' => self.line = 0,
                b'\r' => {}
                _ => {
                    self.line += 1;
                    self.length += 1;
                    longest = longest.max(self.length);
                }
            }
        }
        longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_ends_an_event() {
        let mut event = EventLength::default();
        assert_eq!(event.after(b"data: ab\n"), 8);
        assert_eq!(event.after(b"data: c\r\n\r\nid"), 15);
        assert_eq!(event.length, 2);
    }
}
