//! The one thread that has the database: what has gathered while it wrote is written with the next commit.

use std::sync::Arc;

use flowc::journal::Listener;
use tokio::sync::mpsc::UnboundedReceiver;

#[cfg(feature = "postgres")]
use crate::request::Refusal;
use crate::request::{Answer, Change, Command, Query, Reply, Tell};

/// So many changes at most go into one commit.
const BATCH: usize = 512;

/// A database, on the thread that has it.
pub(crate) trait Base {
    /// Waits for a command, and sees to its own business meanwhile. If something is to be tried again, it does not wait for long.
    fn next(&mut self, commands: &mut UnboundedReceiver<Command>, is_to_try: bool) -> Next;

    /// Makes all changes with one commit, or none.
    fn change(&mut self, changes: &[&Change]) -> Answer<Vec<Reply>>;

    fn query(&mut self, query: &Query) -> Answer;

    fn listen(&mut self, listener: Arc<dyn Listener>);

    /// Nobody asks for anything any more.
    fn close(self);
}

/// What is next to do.
pub(crate) enum Next {
    Command(Command),
    /// Tries again what could not be done.
    #[cfg(feature = "postgres")]
    Try,
    /// Nobody can ask for anything any more.
    Close,
}

/// Does what it is asked until nobody can ask any more.
pub(crate) fn serve<B: Base>(mut base: B, mut commands: UnboundedReceiver<Command>) {
    let (mut changes, mut queries) = (Vec::new(), Vec::new());
    loop {
        let is_to_try = !(changes.is_empty() && queries.is_empty());
        let mut next = match base.next(&mut commands, is_to_try) {
            Next::Command(command) => Some(command),
            #[cfg(feature = "postgres")]
            Next::Try => None,
            Next::Close => break,
        };
        queries = read(&mut base, queries);
        while let Some(command) = next.take() {
            match command {
                Command::Change(change, tell) => changes.push((change, tell)),
                Command::Query(query, tell) => queries.extend(read(&mut base, vec![(query, tell)])),
                Command::Listen(listener) => base.listen(listener),
            }
            if changes.len() < BATCH {
                next = commands.try_recv().ok();
            }
        }
        changes = write(&mut base, changes);
    }
    base.close();
}

/// Answers queries, and gives back those that wait for the database.
#[cfg_attr(not(feature = "postgres"), allow(unused_mut, reason = "a file is never away"))]
fn read(base: &mut impl Base, queries: Vec<(Query, Tell)>) -> Vec<(Query, Tell)> {
    let mut waiting = Vec::new();
    for (query, tell) in queries {
        match base.query(&query) {
            // A run that goes on waits for its history. A person does not wait.
            #[cfg(feature = "postgres")]
            Err(Refusal::Away(_)) if matches!(query, Query::History(_)) => waiting.push((query, tell)),
            // Nobody who is gone needs an answer.
            answer => drop(tell.send(answer)),
        }
    }
    waiting
}

/// Writes all changes with one commit. If one of them cannot be written, each is tried alone. Gives back those that wait for the database.
#[cfg_attr(not(feature = "postgres"), allow(unused_mut, reason = "a file is never away"))]
fn write(base: &mut impl Base, changes: Vec<(Change, Tell)>) -> Vec<(Change, Tell)> {
    if changes.is_empty() {
        return changes;
    }
    let mut replies = match base.change(&changes.iter().map(|(change, _)| change).collect::<Vec<_>>()) {
        Ok(replies) => Some(replies.into_iter()),
        #[cfg(feature = "postgres")]
        Err(Refusal::Away(_)) => return changes,
        Err(_) => None,
    };
    let mut waiting = Vec::new();
    for (change, tell) in changes {
        let answer = match replies.as_mut().and_then(Iterator::next) {
            Some(reply) => Ok(reply),
            None => base.change(&[&change]).map(|replies| replies.into_iter().next().unwrap_or(Reply::Done)),
        };
        match answer {
            #[cfg(feature = "postgres")]
            Err(Refusal::Away(_)) => waiting.push((change, tell)),
            // Nobody who is gone needs an answer.
            answer => drop(tell.send(answer)),
        }
    }
    waiting
}
