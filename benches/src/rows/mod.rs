//! What is measured.

mod cell;
pub(crate) mod ready;
pub(crate) mod yielding;

use crate::measure::Row;

/// All rows, in the order of the table.
pub(crate) fn all() -> Vec<Row> {
    let (ready, yielding) = (ready::rows(), yielding::rows());
    ready.into_iter().zip(yielding).flat_map(|(ready, yielding)| [ready, yielding]).collect()
}
