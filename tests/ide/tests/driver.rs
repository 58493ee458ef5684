//! Shows on plain Rust that the driver sees what rust-analyzer says: where these fail, `editors` cannot be believed.

use std::path::Path;

use flowc_ide_tests::{Edit, Fixture, Item, Result, Server};

const LIB: &str = "src/lib.rs";
const PARTS: &str = "src/parts.rs";

fn fixture() -> Result<Fixture> {
    let files = [(LIB, include_str!("../fixtures/plain/lib.rs")), (PARTS, include_str!("../fixtures/plain/parts.rs"))];
    Fixture::write(Path::new(env!("CARGO_TARGET_TMPDIR")), "plain", "", &files)
}

#[test]
#[ignore = "needs rust-analyzer; `cargo xtask ide` runs it"]
fn a_real_rust_analyzer_answers() -> Result<()> {
    let fixture = fixture()?;
    let mut server = Server::start(&fixture.root, &fixture.root.join("target"))?;
    for (path, file) in fixture.files() {
        server.show(path, &file.text)?;
    }
    let (lib, parts) = (fixture.file(LIB)?, fixture.file(PARTS)?);

    let hover = server.hover(LIB, lib.first("length")?)?;
    assert!(hover.contains("let length: usize"), "{hover}");
    let hover = server.hover(LIB, lib.first("shorten")?)?;
    assert!(hover.contains("Cuts a text."), "{hover}");

    let called = lib.all("shorten")?.last().copied().ok_or("no call")?;
    assert_eq!(server.definition(LIB, called)?, [(PARTS.to_owned(), parts.first("shorten")?)]);

    let mut expected = Vec::new();
    for (path, file) in fixture.files() {
        for &place in file.all("shorten")? {
            expected.push(Edit { file: path.to_owned(), place, text: "cut".to_owned() });
        }
    }
    expected.sort();
    assert_eq!(server.rename(LIB, called, "cut")?, expected);

    assert_eq!(server.errors(LIB)?, [""; 0]);
    Ok(())
}

#[test]
#[ignore = "needs rust-analyzer; `cargo xtask ide` runs it"]
fn an_edit_reaches_the_server() -> Result<()> {
    let fixture = fixture()?;
    let mut server = Server::start(&fixture.root, &fixture.root.join("target"))?;
    let lib = fixture.file(LIB)?;
    server.show(LIB, &lib.text)?;
    let at = lib.first("shorten")?;
    assert_ne!(server.hover(LIB, at)?, "");

    server.show(LIB, "pub fn f() -> u8 {\n    let number = 1u8;\n    num\n}\n")?;
    let offered = server.completion(LIB, flowc_ide_tests::Place { line: 2, column: 7 })?;
    assert!(offered.contains(&Item { name: "number".to_owned(), kind: 6 }), "{offered:?}");

    server.show(LIB, "pub fn f() -> u8 {\n    true\n}\n")?;
    let errors = server.errors(LIB)?;
    assert!(errors.iter().any(|error| error.starts_with("2:5 \"E0308\"")), "{errors:?}");
    assert!(server.rename(LIB, at, "x").is_err(), "a place without a name cannot be renamed");
    Ok(())
}
