//! A workflow while it is being typed: the rest of the body keeps working, and the right names are offered.

use flowc_ide_tests::{Item, Marked, Result, Server};

use crate::{FLOW, Report};

const HEAD: &str = "use flowc::workflow;
use crate::nodes::{compose, extract, plan, rank, rewrite, search, shorten, summarise, Plan, Question, Reply};

workflow! {
    pub fn answer(/*^question*/question: Question) -> Reply {
        let /*^query*/query = rewrite(&question);
        let /*^docs*/docs = /*^search*/search(&/*^query*/query);
        let facts = extract(&/*^docs*/docs);
        let ranked = rank(&docs, &facts);
";

/// What follows when the statement is typed in the middle of a body.
const REST: &str = "
        #[max(8)]
        let /*^notes*/notes = for /*^doc*/doc in &ranked.top { summarise(&/*^doc*/doc.0) };
        compose(&question, /*^notes*/notes, facts.count)";

const END: &str = "
    }
}

pub fn untouched() {}
";

const METHOD: u64 = 2;
const FUNCTION: u64 = 3;
const FIELD: u64 = 5;
const VARIABLE: u64 = 6;
/// A pattern is offered under the kind of a variable.
const PATTERN: u64 = VARIABLE;
const STRUCT: u64 = 22;

/// What is typed (`¦` is the cursor), and what must be offered there.
const TYPED: [(&str, &[(&str, u64)]); 24] = [
    ("let found = sea¦", &[("search", FUNCTION)]),
    ("let found = sea¦;", &[("search", FUNCTION)]),
    ("let found = ¦", &[("search", FUNCTION), ("docs", VARIABLE), ("ranked", VARIABLE), ("question", VARIABLE)]),
    ("let found = ¦;", &[("search", FUNCTION), ("docs", VARIABLE), ("ranked", VARIABLE), ("question", VARIABLE)]),
    ("sea¦", &[("search", FUNCTION)]),
    ("¦", &[("search", FUNCTION), ("docs", VARIABLE), ("ranked", VARIABLE)]),
    ("let again = rank(&do¦", &[("docs", VARIABLE)]),
    ("let again = rank(&do¦);", &[("docs", VARIABLE)]),
    ("let again = rank(&docs, ¦", &[("facts", VARIABLE)]),
    ("let again = rank(&docs, &¦);", &[("facts", VARIABLE)]),
    ("let again = plan(rank(&docs, &fa¦", &[("facts", VARIABLE)]),
    ("let count = facts.¦", &[("count", FIELD), ("sufficient", FIELD)]),
    ("let count = facts.¦;", &[("count", FIELD), ("sufficient", FIELD)]),
    ("let count = fac¦ts.", &[("facts", VARIABLE)]),
    ("let count = docs.hits.le¦", &[("len", METHOD)]),
    ("if facts.¦", &[("sufficient", FIELD)]),
    ("let tone = if facts.sufficient { fa¦ } else { 1 };", &[("facts", VARIABLE)]),
    ("#[max(8)] let all = for item in &do¦", &[("docs", VARIABLE)]),
    ("#[max(8)] let all = for item in &docs.hits { shorten(it¦) };", &[("item", VARIABLE)]),
    ("#[max(8)] let all = for item in docs.hits { shorten(&item.¦) };", &[("0", FIELD)]),
    ("let chosen = match plan(ranked) { Plan::¦ };", &[("Brief", PATTERN), ("Full", PATTERN)]),
    ("let chosen = match plan(ranked) { Plan::Brief(best) => be¦ };", &[("best", VARIABLE)]),
    ("let line = format!(\"{}\", fac¦);", &[("facts", VARIABLE)]),
    ("let other: crate::nodes::Que¦ = rewrite(&question);", &[("Query", STRUCT)]),
];

pub(crate) fn ask(server: &mut Server, report: &mut Report) -> Result<()> {
    for (typed, expected) in TYPED {
        for (at, rest) in [("at the end", ""), ("in the middle", REST)] {
            let text = format!("{HEAD}        {}{rest}{END}", typed.replace('¦', "/*^cursor*/"));
            let body = Marked::new(&text)?;
            server.show(FLOW, &body.text)?;
            let question = format!("{typed:?} {at}");
            offers(server, report, &question, &body, expected)?;
            around(server, report, &question, &body)?;
        }
    }
    Ok(())
}

fn offers(
    server: &mut Server,
    report: &mut Report,
    typed: &str,
    body: &Marked,
    expected: &[(&str, u64)],
) -> Result<()> {
    let offered = server.completion(FLOW, body.first("cursor")?);
    let offered = offered.unwrap_or_else(|error| vec![Item { name: error.to_string(), kind: 0 }]);
    for &(name, kind) in expected {
        let named: Vec<_> = offered.iter().filter(|item| item.name == name).collect();
        let there = named.iter().any(|item| item.kind == kind);
        report.holds(format!("{typed} offers `{name}`"), there, format!("{named:?} of {} names", offered.len()));
    }
    Ok(())
}

/// What stands around the unfinished statement is as clear as before.
fn around(server: &mut Server, report: &mut Report, typed: &str, body: &Marked) -> Result<()> {
    let last = |name: &str| -> Result<_> { Ok(body.all(name)?.last().copied().ok_or("no place")?) };
    report.contains(format!("{typed}, hover on `docs`"), server.hover(FLOW, last("docs")?), "docs: Docs");
    let docs = "Finds the documents that speak about the query.";
    report.contains(format!("{typed}, hover on `search`"), server.hover(FLOW, last("search")?), docs);
    let let_ = vec![(FLOW.to_owned(), body.first("query")?)];
    report.equal(format!("{typed}, definition of `query`"), server.definition(FLOW, last("query")?), &let_);
    let renamed = server.rename(FLOW, last("query")?, "renamed").map(|edits| edits.len());
    report.equal(format!("{typed}, rename of `query`"), renamed, &body.all("query")?.len());
    if body.all("notes").is_ok() {
        report.contains(format!("{typed}, hover on `notes`"), server.hover(FLOW, last("notes")?), "notes: Vec<Note>");
        report.contains(format!("{typed}, hover on `doc`"), server.hover(FLOW, last("doc")?), "doc: &Doc");
    }
    Ok(())
}
