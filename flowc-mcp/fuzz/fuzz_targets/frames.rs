//! Bytes of a server, in pieces of any size: nothing breaks, the pieces make no difference, and what comes behind is read.

#![no_main]

use flowc_mcp::fuzzing::frames;
use libfuzzer_sys::fuzz_target;

/// Lines above this are too long, so that a fuzzer reaches the limit.
const LIMIT: usize = 700;

const LAST: &str = r#"{"jsonrpc":"2.0","id":4711,"result":{"_meta":{}}}"#;

fuzz_target!(|data: &[u8]| {
    let (sizes, bytes) = data.split_at(data.len().min(4));
    let mut whole = bytes.to_vec();
    whole.push(b'\n');
    whole.extend_from_slice(LAST.as_bytes());
    whole.push(b'\n');
    let at_once = frames(LIMIT, [whole.as_slice()]);

    let mut pieces = Vec::new();
    let mut rest = whole.as_slice();
    let mut sizes = sizes.iter().cycle();
    while !rest.is_empty() {
        let size = usize::from(*sizes.next().unwrap_or(&0)) + 1;
        let (piece, after) = rest.split_at(size.min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    assert_eq!(at_once, frames(LIMIT, pieces));
    let last = at_once.0.last().expect("the last message");
    assert!(last.contains("4711"), "{last}");
});
