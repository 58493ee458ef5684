//! What is shown.

use std::fmt::Write;

use crate::flow::{Line, Outlook};

pub(crate) fn text(outlook: &Outlook) -> String {
    let Outlook { month, lines } = outlook;
    let mut text = format!("{month:<10}  {:>8}  {:>8}   largest\n", "spent", "next");
    for Line { category, spent, next } in lines {
        let next = next.map_or_else(String::new, |next| format!("{next:.2}"));
        let largest = &spent.largest;
        let _ = writeln!(
            text,
            "{category:<10}  {:>8.2}  {next:>8}   {} on {}, {:.2}",
            spent.total, largest.what, largest.day, largest.price
        );
    }
    let total: f64 = lines.iter().map(|line| line.spent.total).sum();
    let next: f64 = lines.iter().filter_map(|line| line.next).sum();
    let _ = writeln!(text, "{:<10}  {total:>8.2}  {next:>8.2}", "all");
    text
}
