//! What the checks of local vectors share: passages on many subjects, and questions about them.

// This crate is a test: a panic is how it reports.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use flowc_nodes::LocalEmbeddings;
use flowc_test_peers::minilm;

/// all-MiniLM-L6-v2.
///
/// # Panics
/// If it cannot be installed or opened.
pub fn model(scratch: &str) -> LocalEmbeddings {
    LocalEmbeddings::open(minilm::folder(Path::new(scratch))).unwrap_or_else(|error| panic!("{error}"))
}

/// How near two vectors of the length 1 are.
pub fn nearness(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

/// A passage, and two questions that it answers: one in its own words, one in others.
pub const PASSAGES: [(&str, &str, &str); 16] = [
    (
        "Dough needs an hour in a warm place until its volume has doubled.",
        "how long until the dough has doubled",
        "waiting for bread to rise before baking",
    ),
    (
        "Cancel a booking up to 24 hours before arrival and the full price is refunded.",
        "full price refunded when I cancel a booking",
        "can I get my money back if I no longer travel",
    ),
    (
        "The battery lasts nine hours with the display at half brightness.",
        "battery hours at half brightness",
        "when must my laptop be charged again",
    ),
    (
        "Prune apple trees in late winter, while they are dormant.",
        "prune apple trees in winter",
        "best season for cutting back an orchard",
    ),
    (
        "Employees receive 25 days of paid leave a year, plus public holidays.",
        "days of paid leave for employees",
        "how much vacation do workers have",
    ),
    (
        "A fever above 39 degrees for more than two days should be seen by a doctor.",
        "fever above 39 degrees",
        "my child has been ill and hot since Monday, who should look at it",
    ),
    (
        "The river floods its banks nearly every spring when the snow melts.",
        "river floods in spring",
        "danger of high water after a thaw",
    ),
    (
        "Invoices are due within thirty days; later payments carry interest.",
        "invoices due within thirty days",
        "what happens if I settle the bill too late",
    ),
    (
        "The museum is closed on Mondays and opens at ten on all other days.",
        "museum closed on Mondays",
        "when may visitors look at the paintings",
    ),
    (
        "Passwords must have at least twelve characters and are changed once a year.",
        "passwords with twelve characters",
        "rules for login credentials",
    ),
    (
        "Whales breathe air and must come to the surface several times an hour.",
        "whales come to the surface",
        "why do big sea mammals leave deep water again and again",
    ),
    (
        "The engine needs new oil every fifteen thousand kilometres.",
        "new oil for the engine",
        "regular car maintenance",
    ),
    (
        "Vote by post by sending the envelope at least a week before election day.",
        "vote by post before election day",
        "taking part in the ballot from abroad",
    ),
    (
        "Solar panels on a south-facing roof yield the most electricity.",
        "solar panels on the roof",
        "generating renewable power at home",
    ),
    (
        "The violin is tuned in fifths, from G up to E.",
        "violin tuned in fifths",
        "which notes do the strings of the instrument have",
    ),
    (
        "Trains to the airport leave every twenty minutes from platform four.",
        "trains to the airport",
        "reaching my flight by rail",
    ),
];
