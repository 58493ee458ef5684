//! A server that is a program: messages go over its standard input and output, one a line.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleClient;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::Mutex;

use super::eager::eagerly;
use super::ending::Ending;
use super::frames::{Frames, Wrong};
use super::process::Process;
use crate::config::Program;

/// How long the rest of what a program wrote may take to arrive after it has ended.
const REST: Duration = Duration::from_millis(200);

/// So much is read at once.
const CHUNK: usize = 64 << 10;

pub(super) struct Stdio {
    process: Process,
    /// Nothing, once it is closed.
    input: Arc<Mutex<Option<ChildStdin>>>,
    output: ChildStdout,
    chunk: Box<[u8]>,
    frames: Frames,
    limit: usize,
    server: Arc<str>,
    ending: Ending,
}

impl Stdio {
    pub(super) fn start(program: &Program, limit: usize, server: &Arc<str>, ending: &Ending) -> io::Result<Self> {
        let (process, input, output) = Process::start(program, server, ending)?;
        Ok(Self {
            process,
            input: Arc::new(Mutex::new(Some(input))),
            output,
            chunk: vec![0; CHUNK].into_boxed_slice(),
            frames: Frames::new(limit),
            limit,
            server: Arc::clone(server),
            ending: ending.clone(),
        })
    }

    /// Takes in what was read. Nothing goes on after a message that is too long and answers nothing that is known.
    fn feed(&mut self, length: usize) -> bool {
        let (server, ending, limit) = (&self.server, &self.ending, self.limit);
        let mut goes_on = true;
        let read = self.chunk.get(..length).unwrap_or_default();
        self.frames.feed(read, &mut |wrong| match wrong {
            Wrong::Noise(text) => {
                tracing::warn!(server = &**server, "not a message, so it is ignored: {}", ending.redact(&text));
            }
            Wrong::TooLong => {
                ending.because(format!("it sent a message of more than {limit} bytes"));
                goes_on = false;
            }
        });
        goes_on
    }
}

impl Transport<RoleClient> for Stdio {
    type Error = io::Error;

    fn send(&mut self, message: ClientJsonRpcMessage) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let input = Arc::clone(&self.input);
        eagerly(async move {
            let mut line = serde_json::to_vec(&message)?;
            line.push(b'\n');
            let mut input = input.lock().await;
            let Some(pipe) = input.as_mut() else { return Err(io::ErrorKind::BrokenPipe.into()) };
            pipe.write_all(&line).await?;
            pipe.flush().await
        })
    }

    async fn receive(&mut self) -> Option<ServerJsonRpcMessage> {
        loop {
            if let Some(message) = self.frames.next() {
                return Some(message);
            }
            let read = tokio::select! {
                biased;
                read = self.output.read(&mut self.chunk) => read,
                status = self.process.ended() => {
                    self.ending.because(match status {
                        Ok(status) => format!("the program ended with {status}"),
                        Err(error) => format!("the program ended: {error}"),
                    });
                    // Somebody whom it left behind may hold the other end of the pipe open, so its end is not waited for.
                    tokio::time::timeout(REST, self.output.read(&mut self.chunk)).await.unwrap_or(Ok(0))
                }
            };
            match read {
                Ok(length) if length > 0 => {
                    if !self.feed(length) {
                        return None;
                    }
                }
                Ok(_) => {
                    if let Ok(Ok(status)) = tokio::time::timeout(REST, self.process.ended()).await {
                        self.ending.because(format!("the program ended with {status}"));
                    }
                    self.ending.because("the program closed its output");
                    return None;
                }
                Err(error) => {
                    self.ending.because(format!("its output cannot be read: {error}"));
                    return None;
                }
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        // Whoever still writes holds the lock, to a program that does not read, perhaps for ever.
        if let Ok(mut input) = self.input.try_lock() {
            *input = None;
        }
        self.process.end().await;
        Ok(())
    }
}
