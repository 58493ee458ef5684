//! What runs hold: a million one after the other, and a hundred thousand at once.

mod many;
mod rss;
mod waiting;

const NOTES: &str = "
MB are what the kernel counts as resident. `future bytes` is the size of the future of `.run(&app)`, or of the `async fn`; heap bytes
hold everything of a run that waits: its task, its ledger, its events and its handle.
";

/// Measures both, and prints as it goes.
pub(crate) fn run() -> Result<String, String> {
    let many = many::table()?;
    println!("{many}");
    let waiting = waiting::table()?;
    println!("{waiting}{NOTES}");
    Ok(format!("{many}\n{waiting}{NOTES}"))
}
