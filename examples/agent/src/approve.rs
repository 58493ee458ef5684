//! A person at the terminal, who is asked before something is written.

use std::io::{self, Write};

use flowc::Context;
use flowc_nodes::{Approval, Approver, Approving, ToolCall};
use tokio::sync::Mutex;

/// Says what is called, and asks before a note is written.
pub(crate) struct Terminal {
    /// It is allowed without asking.
    yes: bool,
    /// Calls overlap, and an answer is for one question.
    asking: Mutex<()>,
}

impl Terminal {
    pub(crate) fn new(yes: bool) -> Self {
        Self { yes, asking: Mutex::default() }
    }
}

impl Approver for Terminal {
    fn approve<'a>(&'a self, call: &'a ToolCall, _: &'a Context) -> Approving<'a> {
        Box::pin(async move {
            let _one = self.asking.lock().await;
            let _ = writeln!(io::stderr(), "  {} {}", call.name, call.arguments);
            if call.name != "write_note" || self.yes {
                return Approval::Allowed;
            }
            let _ = write!(io::stderr(), "  write this note? [y/N] ");
            // Reading waits for a person, so it is done on a thread for such work.
            let answer = tokio::task::spawn_blocking(|| {
                let mut answer = String::new();
                io::stdin().read_line(&mut answer).map(|_| answer)
            });
            match answer.await {
                Ok(Ok(answer)) if matches!(answer.trim(), "y" | "yes") => Approval::Allowed,
                _ => Approval::denied("the user does not want this note; answer without it"),
            }
        })
    }
}
