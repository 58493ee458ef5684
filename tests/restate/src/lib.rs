//! The guide's chapters on executors, as tests.
