//! What an editor offers inside `workflow!`, as one ignored test: starting rust-analyzer is what takes time.
//!
//! Every question that gets a wrong answer is listed at the end, so that one run shows the whole picture.

mod half_typed;
mod whole;

use std::fmt::{Debug, Display};
use std::path::Path;

use flowc_ide_tests::{Fixture, Result, Server};

const FLOW: &str = "src/flow.rs";
const NODES: &str = "src/nodes.rs";
const LIB: &str = "src/lib.rs";

/// The answers that were wrong, and how many questions were asked.
#[derive(Default)]
struct Report {
    asked: usize,
    wrong: Vec<String>,
}

impl Report {
    fn equal<T: PartialEq + Debug>(&mut self, question: impl Display, answer: Result<T>, expected: &T) {
        match answer {
            Ok(answer) => self.holds(&question, answer == *expected, format!("{answer:?}, not {expected:?}")),
            Err(error) => self.holds(&question, false, error),
        }
    }

    fn contains(&mut self, question: impl Display, answer: Result<String>, part: &str) {
        match answer {
            Ok(answer) => self.holds(&question, answer.contains(part), format!("{answer:?}, without {part:?}")),
            Err(error) => self.holds(&question, false, error),
        }
    }

    fn holds(&mut self, question: impl Display, right: bool, answer: impl Display) {
        self.asked += 1;
        if !right {
            self.wrong.push(format!("{question}: {answer}"));
        }
    }
}

#[test]
#[ignore = "needs rust-analyzer; `cargo xtask ide` runs it"]
fn editors_understand_a_workflow() -> Result<()> {
    let files = [
        (LIB, include_str!("../../fixtures/answer/lib.rs")),
        (NODES, include_str!("../../fixtures/answer/nodes.rs")),
        (FLOW, include_str!("../../fixtures/answer/flow.rs")),
    ];
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let fixture = Fixture::write(scratch, "answer", &Fixture::flowc(), &files)?;
    // The folder above is the target folder of this workspace, where the macros may already be compiled.
    let target = scratch.parent().unwrap_or(scratch);
    let mut server = Server::start(&fixture.root, target)?;
    for (path, file) in fixture.files() {
        server.show(path, &file.text)?;
    }

    let mut report = Report::default();
    whole::ask(&mut server, &fixture, &mut report)?;
    half_typed::ask(&mut server, &mut report)?;
    let (wrong, asked) = (report.wrong.len(), report.asked);
    #[allow(clippy::print_stderr, reason = "the figures belong to the report of the run")]
    {
        eprintln!("{} of {asked} answers are right", asked - wrong);
    }
    assert!(report.wrong.is_empty(), "{wrong} of {asked} answers are wrong:\n{}", report.wrong.join("\n"));
    Ok(())
}
