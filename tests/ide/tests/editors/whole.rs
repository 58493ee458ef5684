//! A finished workflow: hover, go to definition, rename, and no errors.

use flowc_ide_tests::{Edit, Fixture, Place, Result, Server};

use crate::{FLOW, LIB, NODES, Report};

/// Every binding of the fixture, with what its hover must say.
const BINDINGS: [(&str, &str); 29] = [
    ("question", "question: Question"),
    ("query", "query: Query"),
    ("docs", "docs: Docs"),
    ("facts", "facts: Facts"),
    ("ranked", "ranked: Ranked"),
    ("notes", "notes: Vec<Note>"),
    ("doc", "doc: &Doc"),
    ("short", "short: String"),
    ("bound", "bound: u32"),
    ("again", "again: usize"),
    ("found", "found: Docs"),
    ("failure", "failure: Failure<SearchError>"),
    ("chosen", "chosen: Plan"),
    ("best", "best: Doc"),
    ("most", "most: u32"),
    ("queries", "queries: Vec<Query>"),
    ("width", "width: usize"),
    ("results", "results: Vec<Result<Docs, Failure<SearchError>>>"),
    ("each", "each: &Query"),
    ("audit", "audit: ()"),
    ("earlier", "earlier: Reply"),
    ("state", "state: Reply"),
    ("final_", "final_: Reply"),
    ("done", "done: Reply"),
    ("more", "more: Reply"),
    ("some", "some: &Docs"),
    ("known", "known: Facts"),
    ("lost", "lost: &Failure<SearchError>"),
    ("other", "other: Docs"),
];

/// Two nodes, one async with a resource and one plain: what the hover must say, signature and docs.
const NODES_HOVER: [(&str, [&str; 2]); 2] = [
    ("search", ["pub async fn search(query: &Query", "Finds the documents that speak about the query."]),
    ("rank", ["pub fn rank(docs: &Docs, facts: &Facts) -> Ranked", "Orders the documents by worth."]),
];

pub(crate) fn ask(server: &mut Server, fixture: &Fixture, report: &mut Report) -> Result<()> {
    for file in [FLOW, NODES, LIB] {
        report.equal(format!("errors in {file}"), server.errors(file), &Vec::new());
    }
    bindings(server, fixture, report)?;
    nodes(server, fixture, report)?;
    outside(server, fixture, report)
}

fn bindings(server: &mut Server, fixture: &Fixture, report: &mut Report) -> Result<()> {
    let flow = fixture.file(FLOW)?;
    for (name, hover) in BINDINGS {
        let let_ = (FLOW.to_owned(), flow.first(name)?);
        // At its `let` a binding is the handle of its step as well; a use of it is not.
        let handle = fixture.file(LIB)?.all(name).is_ok();
        for &at in flow.all(name)? {
            let files: &[&str] = if handle && at == let_.1 { &[FLOW, LIB] } else { &[FLOW] };
            let expected = renamed(fixture, files, name)?;
            report.contains(format!("hover on {}", shown(name, at)), server.hover(FLOW, at), hover);
            let led = server.definition(FLOW, at);
            report.equal(format!("definition of {}", shown(name, at)), led, &vec![let_.clone()]);
            let changed = server.rename(FLOW, at, "renamed");
            report.equal(format!("rename of {}", shown(name, at)), changed, &expected);
        }
    }
    Ok(())
}

fn nodes(server: &mut Server, fixture: &Fixture, report: &mut Report) -> Result<()> {
    let definition = |name| fixture.file(NODES)?.first(name);
    for (name, hover) in NODES_HOVER {
        let fn_ = (NODES.to_owned(), definition(name)?);
        let expected = renamed(fixture, &[FLOW, NODES], name)?;
        for (index, &at) in fixture.file(FLOW)?.all(name)?.iter().enumerate() {
            let led = server.definition(FLOW, at);
            report.equal(format!("definition of {}", shown(name, at)), led, &vec![fn_.clone()]);
            // The first mark is the import. A name in an import stands for the type and the function; rust-analyzer shows
            // and renames the type only, which is the same for any code with both.
            if index > 0 {
                for part in hover {
                    report.contains(format!("hover on {}", shown(name, at)), server.hover(FLOW, at), part);
                }
                let changed = server.rename(FLOW, at, "renamed");
                report.equal(format!("rename of {}", shown(name, at)), changed, &expected);
            }
        }
        let changed = server.rename(NODES, fn_.1, "renamed");
        report.equal(format!("rename of fn {name} where it is defined"), changed, &expected);
    }
    Ok(())
}

/// Code that runs the workflow: what it gives has its type, and the names lead to the workflow.
fn outside(server: &mut Server, fixture: &Fixture, report: &mut Report) -> Result<()> {
    let (lib, flow) = (fixture.file(LIB)?, fixture.file(FLOW)?);
    for (name, hover) in [("reply", "reply: Reply"), ("kept", "kept: Docs")] {
        for &at in lib.all(name)? {
            report.contains(format!("hover on {}", shown(name, at)), server.hover(LIB, at), hover);
        }
    }
    for name in ["answer", "docs"] {
        let declared = vec![(FLOW.to_owned(), flow.first(name)?)];
        for &at in lib.all(name)? {
            let led = server.definition(LIB, at);
            report.equal(format!("definition of {} outside", shown(name, at)), led, &declared);
        }
    }
    let expected = renamed(fixture, &[FLOW, LIB], "answer")?;
    for &at in flow.all("answer")? {
        let text = ["pub fn answer(question: Question)", "Answers a question from the documents."];
        for part in text {
            report.contains(format!("hover on {}", shown("answer", at)), server.hover(FLOW, at), part);
        }
        let changed = server.rename(FLOW, at, "renamed");
        report.equal(format!("rename of {}", shown("answer", at)), changed, &expected);
    }
    Ok(())
}

/// The edits that renaming must make: each marked place, and nothing else.
fn renamed(fixture: &Fixture, files: &[&str], name: &str) -> Result<Vec<Edit>> {
    let mut edits = Vec::new();
    for &file in files {
        for &place in fixture.file(file)?.all(name)? {
            edits.push(Edit { file: file.to_owned(), place, text: "renamed".to_owned() });
        }
    }
    edits.sort();
    Ok(edits)
}

fn shown(name: &str, at: Place) -> String {
    format!("`{name}` at {}:{}", at.line + 1, at.column + 1)
}
