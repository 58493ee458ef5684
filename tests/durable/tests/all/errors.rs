//! A place that cannot be used says why, and what to do about it.

use std::net::TcpListener;
use std::time::Duration;

use diesel::prelude::*;
use flowc_store::Store;

use crate::base::{Base, Kind, Outcome, block_on};

#[test]
fn what_is_wrong_with_a_file_is_said() -> Outcome<()> {
    let base = Base::new(Kind::Sqlite, "wrong")?;
    let open = || flowc_store::Store::open(base.place()).map_err(|error| error.to_string());
    let held = open()?;
    let text = open().unwrap_err();
    assert!(text.contains("runs.db") && text.contains("another process has the file"), "{text}");
    drop(held);

    let other = base.folder.join("text.db");
    std::fs::write(&other, "a text that is long enough to be no database at all, and says so to everybody who asks")?;
    let text = flowc_store::Store::open(&other).unwrap_err().to_string();
    assert!(text.contains("it is no SQLite file"), "{text}");
    let text = flowc_store::Store::open(base.folder.join("nowhere/runs.db")).unwrap_err().to_string();
    assert!(text.contains("see that its folder is there"), "{text}");
    Ok(())
}

#[test]
fn a_file_of_a_newer_version_is_refused() -> Outcome<()> {
    let base = Base::new(Kind::Sqlite, "newer")?;
    drop(flowc_store::Store::open(base.place())?);
    let mut tries = 0;
    // The thread that writes lets go of the file a moment after the store.
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    while SqliteConnection::establish(&base.place())
        .map(|mut db| diesel::sql_query(newer).execute(&mut db))
        .is_ok_and(|done| done.is_err())
    {
        tries += 1;
        assert!(tries < 1000);
        std::thread::sleep(Duration::from_millis(5));
    }
    let text = flowc_store::Store::open(base.place()).unwrap_err().to_string();
    assert!(text.contains("a newer version of flowc-store has written it (29990101000000)"), "{text}");
    Ok(())
}

#[test]
fn what_is_wrong_with_a_server_is_said() -> Outcome<()> {
    let base = Base::new(Kind::Postgres, "wrong")?;
    let server = base.server.as_ref().ok_or("a server")?;
    let port = server.port;
    // Nobody listens at a port that was just let go of.
    let nobody = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let host = format!("127.0.0.1:{port}");
    for (url, place, why, help) in [
        (
            format!("postgres://flowc:hunter3@{host}/runs"),
            "flowc@",
            "password authentication failed",
            "give the user and the password",
        ),
        (
            format!("postgres://flowc:hunter3@{host}"),
            "flowc@",
            "password authentication failed",
            "give the user and the password",
        ),
        (
            format!("postgres://flowc:hunter2@{host}/other"),
            "/other",
            "database \"other\" does not exist",
            "or make it: `CREATE DATABASE",
        ),
        (
            format!("postgres://flowc:hunter2@127.0.0.1:{nobody}/runs"),
            "/runs",
            "error connecting to server",
            "see that PostgreSQL runs",
        ),
        (format!("postgres://flowc:hunter2@{host}/runs?sslmode=require"), "/runs", "asks for TLS", "sslmode=disable"),
        ("postgres://flowc:hunter2@[".to_owned(), "the URL", "invalid connection string", "write it as"),
        ("mysql://flowc:hunter2@there/runs".to_owned(), "the URL", "invalid connection string", "write it as"),
    ] {
        let text = block_on(async { Ok(Store::connect(url.as_str()).await.unwrap_err().to_string()) })?;
        assert!(text.contains(place) && text.contains(why) && text.contains(help), "{url}: {text}");
        assert!(!text.contains("hunter"), "{text}");
        let shown = format!("{:?}", flowc_store::Postgres::new(url.as_str()));
        assert!(!shown.contains("hunter"), "{shown}");
    }

    server.sql("runs", "CREATE ROLE ada LOGIN PASSWORD 'hunter2'");
    let url = format!("postgres://ada:hunter2@{host}/runs");
    let open = |url: String| block_on(async move { Ok(Store::connect(url).await.map_err(|error| error.to_string())) });
    let text = open(url.clone())?.unwrap_err();
    assert!(text.contains("permission denied") && text.contains("make the schema `flowc` for it"), "{text}");
    server.sql("runs", "CREATE SCHEMA flowc AUTHORIZATION ada");
    let store = open(url.clone())??;
    assert!(!format!("{store:?}").contains("hunter"), "{store:?}");
    drop(store);
    server.sql("runs", "CREATE ROLE eve LOGIN PASSWORD 'hunter2'");
    let text = open(url.replace("ada", "eve"))?.unwrap_err();
    assert!(text.contains("no schema has been selected") && text.contains("GRANT ALL ON SCHEMA flowc"), "{text}");

    server.sql("runs", "INSERT INTO flowc.__diesel_schema_migrations (version) VALUES ('29990101000000')");
    let text = open(url)?.unwrap_err();
    assert!(text.contains("a newer version of flowc-store has written it (29990101000000)"), "{text}");
    Ok(())
}
