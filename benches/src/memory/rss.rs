//! How much memory the program has.

/// The bytes of this process that are in memory, as the kernel counts them.
pub(super) fn resident() -> Result<u64, String> {
    // The second number of this file is in pages; all targets of the benchmarks have pages of four kilobytes.
    const PAGE: u64 = 4096;
    let text = std::fs::read_to_string("/proc/self/statm").map_err(|error| format!("/proc/self/statm: {error}"))?;
    let pages = text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.map(|pages| pages * PAGE).ok_or_else(|| format!("/proc/self/statm reads `{}`", text.trim()))
}
