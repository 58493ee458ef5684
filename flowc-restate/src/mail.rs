//! The signals of a run: each is a promise that is kept when it comes, and goes to the step that has waited longest.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::queue::Slot;

#[derive(Default)]
pub(crate) struct Mail(Vec<Mailbox>);

/// The signals with one name.
struct Mailbox {
    name: Arc<str>,
    /// How many have come.
    arrived: u64,
    /// The next one is waited for already.
    is_expected: bool,
    waiting: VecDeque<Slot<String>>,
    /// Those that came when nobody waited any more.
    letters: VecDeque<String>,
}

impl Mail {
    /// A step waits for a signal.
    pub(crate) fn wait(&mut self, name: &str, slot: Slot<String>) {
        self.mailbox(name, |mailbox| mailbox.waiting.push_back(slot));
    }

    /// A signal has come.
    pub(crate) fn arrived(&mut self, name: &str, value: String) {
        self.mailbox(name, |mailbox| {
            mailbox.arrived += 1;
            mailbox.is_expected = false;
            mailbox.letters.push_back(value);
        });
    }

    fn mailbox(&mut self, name: &str, change: impl FnOnce(&mut Mailbox)) {
        if let Some(mailbox) = self.0.iter_mut().find(|mailbox| *mailbox.name == *name) {
            return change(mailbox);
        }
        let (waiting, letters) = (VecDeque::new(), VecDeque::new());
        let mut mailbox = Mailbox { name: name.into(), arrived: 0, is_expected: false, waiting, letters };
        change(&mut mailbox);
        self.0.push(mailbox);
    }

    /// Gives what has come to who waits, and says whether anybody got something.
    pub(crate) fn deliver(&mut self) -> bool {
        let mut any = false;
        for mailbox in &mut self.0 {
            mailbox.waiting.retain(|slot| !slot.is_dropped());
            while !mailbox.letters.is_empty() && !mailbox.waiting.is_empty() {
                if let (Some(letter), Some(slot)) = (mailbox.letters.pop_front(), mailbox.waiting.pop_front()) {
                    slot.put(letter);
                    any = true;
                }
            }
        }
        any
    }

    /// The signals that somebody waits for from now on, with their numbers among those of their name.
    pub(crate) fn expected(&mut self) -> Vec<(Arc<str>, u64)> {
        let wanted = self.0.iter_mut().filter(|mailbox| !mailbox.waiting.is_empty() && !mailbox.is_expected);
        wanted
            .map(|mailbox| {
                mailbox.is_expected = true;
                (Arc::clone(&mailbox.name), mailbox.arrived)
            })
            .collect()
    }
}
