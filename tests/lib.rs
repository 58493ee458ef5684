//! What flowc promises, tested from outside. Everything is in the test targets beside this file.
