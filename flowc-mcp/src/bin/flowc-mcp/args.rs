//! What was typed.

use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Args {
    Help,
    Snapshot(SnapshotArgs),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SnapshotArgs {
    pub(crate) servers: PathBuf,
    pub(crate) server: String,
    pub(crate) out: Option<PathBuf>,
    pub(crate) check: bool,
    pub(crate) timeout: Duration,
}

/// Reads the words behind the name of the program.
pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Args, String> {
    let mut words = words.into_iter();
    let (mut places, mut out, mut check, mut timeout) = (Vec::new(), None, false, 60);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-h" | "--help" | "help" => return Ok(Args::Help),
            "--check" => check = true,
            "-o" | "--out" => out = Some(PathBuf::from(words.next().ok_or("behind `-o` stands the file to write")?)),
            "--timeout" => {
                let seconds = words.next().and_then(|word| word.parse().ok());
                timeout = seconds.ok_or("behind `--timeout` stands a number of seconds")?;
            }
            flag if flag.starts_with('-') => return Err(format!("there is no `{flag}`")),
            _ => places.push(word),
        }
    }
    let mut places = places.into_iter();
    match places.next().as_deref() {
        None => return Ok(Args::Help),
        Some("snapshot") => {}
        Some(other) => return Err(format!("there is no command `{other}`, only `snapshot`")),
    }
    let servers = places.next().ok_or("behind `snapshot` stands the file of servers, such as mcp.json")?;
    let server = places.next().ok_or_else(|| format!("behind `{servers}` stands the name of one of its servers"))?;
    if let Some(more) = places.next() {
        return Err(format!("`{more}` is one word too many"));
    }
    if check && out.is_none() {
        return Err("`--check` compares a file: name it with `-o`".to_owned());
    }
    let timeout = Duration::from_secs(timeout);
    Ok(Args::Snapshot(SnapshotArgs { servers: servers.into(), server, out, check, timeout }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Args, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_snapshot() {
        let args = SnapshotArgs {
            servers: "mcp.json".into(),
            server: "weather".to_owned(),
            out: Some("a.json".into()),
            check: true,
            timeout: Duration::from_secs(5),
        };
        assert_eq!(parsed("snapshot --check mcp.json weather -o a.json --timeout 5"), Ok(Args::Snapshot(args)));
        assert_eq!(parsed(""), Ok(Args::Help));
        assert_eq!(parsed("snapshot --help"), Ok(Args::Help));
    }

    #[test]
    fn what_is_missing_is_said() {
        for (line, said) in [
            ("snap", "there is no command `snap`, only `snapshot`"),
            ("snapshot", "behind `snapshot` stands the file of servers, such as mcp.json"),
            ("snapshot mcp.json", "behind `mcp.json` stands the name of one of its servers"),
            ("snapshot mcp.json a b", "`b` is one word too many"),
            ("snapshot mcp.json a --check", "`--check` compares a file: name it with `-o`"),
            ("snapshot mcp.json a -o", "behind `-o` stands the file to write"),
            ("snapshot mcp.json a --timeout soon", "behind `--timeout` stands a number of seconds"),
            ("snapshot mcp.json a --force", "there is no `--force`"),
        ] {
            assert_eq!(parsed(line), Err(said.to_owned()));
        }
    }
}
