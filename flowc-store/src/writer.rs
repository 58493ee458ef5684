//! The one thread that has the database: what has gathered while it wrote is written with the next commit.

use std::sync::Arc;

use flowc::journal::Listener;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::request::{Answer, Change, Command, Query, Reply, Tell};

/// So many changes at most go into one commit.
const BATCH: usize = 512;

/// A database, on the thread that has it.
pub(crate) trait Base {
    /// Waits for a command, and sees to its own business meanwhile; `None` once nobody can ask for anything any more.
    fn next(&mut self, commands: &mut UnboundedReceiver<Command>) -> Option<Command>;

    /// Makes all changes with one commit, or none.
    fn change(&mut self, changes: &[&Change]) -> Answer<Vec<Reply>>;

    fn query(&mut self, query: &Query) -> Answer;

    fn listen(&mut self, listener: Arc<dyn Listener>);

    /// Nobody asks for anything any more.
    fn close(self);
}

/// Does what it is asked until nobody can ask any more.
pub(crate) fn serve<B: Base>(mut base: B, mut commands: UnboundedReceiver<Command>) {
    let mut changes = Vec::new();
    while let Some(first) = base.next(&mut commands) {
        let mut next = Some(first);
        while let Some(command) = next.take() {
            match command {
                Command::Change(change, tell) => changes.push((change, tell)),
                // Nobody who is gone needs an answer.
                Command::Query(query, tell) => drop(tell.send(base.query(&query))),
                Command::Listen(listener) => base.listen(listener),
            }
            if changes.len() < BATCH {
                next = commands.try_recv().ok();
            }
        }
        write(&mut base, &mut changes);
    }
    base.close();
}

/// Writes all changes with one commit. If one of them cannot be written, each is tried alone.
fn write(base: &mut impl Base, changes: &mut Vec<(Change, Tell)>) {
    if changes.is_empty() {
        return;
    }
    let all = base.change(&changes.iter().map(|(change, _)| change).collect::<Vec<_>>());
    let mut replies = all.ok().map(Vec::into_iter);
    for (change, tell) in changes.drain(..) {
        let written = match replies.as_mut().and_then(Iterator::next) {
            Some(reply) => Ok(reply),
            None => base.change(&[&change]).map(|replies| replies.into_iter().next().unwrap_or(Reply::Done)),
        };
        // Nobody who is gone needs an answer.
        drop(tell.send(written));
    }
}
