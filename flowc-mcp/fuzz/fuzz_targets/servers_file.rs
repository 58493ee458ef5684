//! A file of servers, as anybody may have written it: it is read, or there is an error whose place lies in the text.

#![no_main]

use flowc_mcp::ServersFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = ServersFile::parse(text)
        && let Some((line, column)) = error.at()
    {
        assert!(line >= 1 && line <= text.lines().count().max(1) + 1, "{error}");
        assert!(column >= 1 && column <= text.len() + 1, "{error}");
    }
});
