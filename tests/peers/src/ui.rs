//! Which programs that must not compile are wanted.

/// The beginning of the names of the files of an area, if `FLOWC_UI` asks for the area, as in `mcp`, or for files of it, as in `mcp/wrong`.
pub fn wanted(area: &str) -> Option<String> {
    let filter = std::env::var("FLOWC_UI").unwrap_or_default();
    let (beginning, name) = filter.split_once('/').unwrap_or((&filter, ""));
    area.starts_with(beginning).then(|| name.to_owned())
}
