use std::error::Error;
use std::fmt::{self, Write};
use std::io::IsTerminal;

use super::clean::clean;
use super::failure::Told;
use super::{Failure, FailureKind, text};
use crate::paint::Paint;

/// A failure as a person on a terminal reads it: what happened, the way to it through the workflows, the causes, and what can be
/// done about it. [`Failure::report`] gives it.
///
/// It is plain text; `{:#}`, [`color`](Self::color) or [`auto`](Self::auto) make it a coloured one.
///
/// ```no_run
/// # flowc::workflow! { fn answer() -> u8 { 1 } }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// if let Err(failure) = answer().run(&()).await {
///     eprintln!("{}", failure.report().auto());
/// }
/// # }
/// ```
pub struct Report<'f> {
    told: &'f Told,
    help: &'f str,
    /// The node's own error, and what caused it.
    errors: Vec<String>,
    color: bool,
}

impl<E: Error + 'static> Failure<E> {
    /// The failure as a person on a terminal reads it. It never panics, even if the node's own error does.
    pub fn report(&self) -> Report<'_> {
        Report { told: self.told(), help: self.help(), errors: text::all(self.chain()), color: false }
    }
}

impl Report<'_> {
    /// With or without colours.
    #[must_use]
    pub fn color(self, color: bool) -> Self {
        Self { color, ..self }
    }

    /// Coloured if standard error is a terminal, and nobody said otherwise: the variable `NO_COLOR` is not set (or empty), and
    /// `TERM` is not `dumb`.
    #[must_use]
    pub fn auto(self) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        self.color(!refused && !dumb && std::io::stderr().is_terminal())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, paint: Paint) -> fmt::Result {
        let told = self.told;
        let mut headline = String::new();
        told.headline(&mut headline)?;
        let kind = match told.kind {
            FailureKind::Error => "error".to_owned(),
            other => format!("error[{other}]"),
        };
        writeln!(f, "{}: {}", paint.red(&kind), paint.bold(&clean(&headline, 2)))?;
        match self.errors.split_first() {
            Some((error, causes)) => {
                writeln!(f, "  {}", clean(error, 2))?;
                for cause in causes {
                    writeln!(f, "  {} {}", paint.dim("because:"), clean(cause, 11))?;
                }
            }
            None if told.message().is_empty() => {}
            None => writeln!(f, "  {}", clean(told.message(), 2))?,
        }
        f.write_char('\n')?;
        self.tree(f, paint)?;
        f.write_char('\n')?;
        self.facts(f, paint)?;
        write!(f, "{} {}", paint.green("help:"), clean(self.help, 6))
    }

    /// The way through the workflows, as a tree with one branch.
    fn tree(&self, f: &mut fmt::Formatter<'_>, paint: Paint) -> fmt::Result {
        let site = &self.told.site;
        let mut rows = vec![(site.root.name.to_owned(), format!("{}:{}", site.root.file, site.root.line))];
        for (depth, stop) in site.way.iter().enumerate() {
            let name = stop.segment.trim_start_matches('/');
            let mut label = format!("{}└─ {name}", "   ".repeat(depth));
            let mut place = format!("{}:{}", stop.graph.file, stop.line());
            if let Some(node) = stop.spec() {
                if name != node.name {
                    let _ = write!(label, " = {}(..)", node.name);
                }
                if let Some(graph) = node.graph {
                    let _ = write!(place, ", workflow at {}:{}", graph.file, graph.line);
                }
            }
            rows.push((label, place));
        }
        let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        let last = rows.len() - 1;
        for (row, (label, place)) in rows.iter().enumerate() {
            // Padded before it is painted: the codes of a colour take no room on the screen.
            let label = format!("{label:width$}");
            if row < last {
                writeln!(f, "  {label}   {}", paint.dim(place))?;
            } else {
                let mark = format!("◀ {}", self.told.kind.verb());
                writeln!(f, "  {}   {}   {}", paint.bold(&label), paint.dim(place), paint.red(&mark))?;
            }
        }
        if let Some(node) = site.spec().filter(|node| node.graph.is_none()) {
            let at = format!("node `{}` {}, at {}:{}", node.name, node.version, node.file, node.line);
            writeln!(f, "  {}{}", "   ".repeat(site.way.len()), paint.dim(&at))?;
        }
        Ok(())
    }

    fn facts(&self, f: &mut fmt::Formatter<'_>, paint: Paint) -> fmt::Result {
        let told = self.told;
        let mut fact =
            |name: &str, value: &str| writeln!(f, "  {} {}", paint.dim(&format!("{name:9}")), clean(value, 12));
        if told.attempts > 1 {
            fact("attempts", &told.attempts.to_string())?;
        }
        if let Some(elapsed) = told.elapsed {
            fact("elapsed", &format!("{elapsed:.1?}"))?;
        }
        if let Some(wait) = told.retry_after {
            fact("retry in", &format!("{wait:.1?}"))?;
        }
        for step in &told.cancelled {
            fact("cancelled", step)?;
        }
        if let Some(correlation) = &told.site.correlation {
            fact("request", correlation)?;
        }
        fact("run", &told.site.run.to_string())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Paint(self.color || f.alternate()))
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("step", &self.told.path()).field("color", &self.color).finish_non_exhaustive()
    }
}
