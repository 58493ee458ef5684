//! The workflow: its steps are Python functions behind MCP, with types from their signatures.

use flowc::{Resources, node, workflow};
use flowc_mcp::{McpServers, mcp};

mcp! {
    pub mod ledger = "mcp/ledger.json";
}

/// What a month was, and what the next one will be.
pub(crate) struct Outlook {
    pub(crate) month: String,
    pub(crate) lines: Vec<Line>,
}

/// One category of it.
pub(crate) struct Line {
    pub(crate) category: String,
    pub(crate) spent: ledger::Spent,
    pub(crate) next: Option<f64>,
}

workflow! {
    /// Asks for all categories, four at once.
    pub(crate) fn outlook(month: String) -> Outlook {
        let categories = ledger::categories();
        #[max(4)]
        let lines = for category in categories { line(category, month.clone()) };
        let lines = largest_first(lines);
        Outlook { month, lines }
    }
}

workflow! {
    /// Both questions are asked at the same time.
    fn line(category: String, month: String) -> Line {
        let spent = ledger::spent(category.clone(), Some(month));
        let next = ledger::forecast(category.clone(), None);
        Line { category, spent, next: next.first().copied() }
    }
}

#[node]
fn largest_first(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by(|one, other| other.spent.total.total_cmp(&one.spent.total));
    lines
}

/// What the steps need.
#[derive(Resources)]
pub(crate) struct App {
    pub(crate) servers: McpServers,
}
