use std::error::Error;

/// An error, what caused it, what caused that, and so on: [`Failure::chain`](super::Failure::chain) gives it.
#[derive(Debug, Clone)]
pub struct Chain<'e> {
    first: Option<&'e (dyn Error + 'static)>,
    last: Option<&'e (dyn Error + 'static)>,
    left: u8,
}

impl<'e> Chain<'e> {
    pub(super) fn new(first: Option<&'e (dyn Error + 'static)>) -> Self {
        // An error that is its own cause would go round for ever.
        Self { first, last: None, left: 64 }
    }
}

impl<'e> Iterator for Chain<'e> {
    type Item = &'e (dyn Error + 'static);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        // Each is asked for its cause only when that is wanted: the code is not ours, and may break.
        self.last = self.first.take().or_else(|| self.last.take()?.source());
        self.last
    }
}
