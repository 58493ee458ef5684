//! Every text that a user reads, in one file. Lower case, no final dot, backticks around code, the way out as `help:`.
