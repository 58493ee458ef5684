#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::time::Duration;

use flowc::{Resources, workflow};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::document::Document;

workflow! {
    fn file(path: String) -> Document {
        load_file(path)
    }

    fn folder(pattern: String) -> Vec<Document> {
        load_folder(pattern)
    }

    fn page(url: String) -> Document {
        load_page(&url)
    }
}

#[derive(Resources)]
struct Files {
    access: FileAccess,
}

#[derive(Resources)]
struct Net {
    access: NetAccess,
}

/// A folder with a few files, and a secret beside it.
fn folders() -> (tempfile::TempDir, FileAccess) {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("docs");
    fs::create_dir_all(root.join("deep")).unwrap();
    fs::write(home.path().join("secret.md"), "secret").unwrap();
    fs::write(root.join("a.md"), "\u{feff}# A").unwrap();
    fs::write(root.join("deep/b.md"), "B").unwrap();
    fs::write(root.join("page.html"), "<h1>Page</h1><script>alert(1)</script>").unwrap();
    fs::write(root.join("raw.bin"), [0, 159, 146, 150]).unwrap();
    let access = FileAccess::below(&root).unwrap();
    (home, access)
}

async fn refused(path: &str, access: &FileAccess) -> String {
    match file(path.to_owned()).run(&Files { access: access.clone() }).await {
        Ok(found) => panic!("{path} is read: {found:?}"),
        Err(failure) => failure.report().to_string(),
    }
}

#[tokio::test]
async fn files_below_the_folder_are_read() {
    let (_home, access) = folders();
    let app = Files { access };
    assert_eq!(file("a.md".to_owned()).run(&app).await.unwrap(), Document::new("a.md", "# A"));
    assert_eq!(file("page.html".to_owned()).run(&app).await.unwrap().text, "# Page");
    let found = folder("**/*.md".to_owned()).run(&app).await.unwrap();
    assert_eq!(found.iter().map(|document| &*document.source).collect::<Vec<_>>(), ["a.md", "deep/b.md"]);
    assert_eq!(folder("*.md".to_owned()).run(&app).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_leads_out_of_the_folder() {
    let (home, access) = folders();
    for path in ["../secret.md", "deep/../../secret.md", "/etc/passwd"] {
        assert!(refused(path, &access).await.contains("it is absolute or has `..` in it"), "{path}");
    }
    #[cfg(unix)]
    {
        let root = home.path().join("docs");
        std::os::unix::fs::symlink(home.path().join("secret.md"), root.join("link.md")).unwrap();
        std::os::unix::fs::symlink(home.path(), root.join("up")).unwrap();
        std::os::unix::fs::symlink(root.join("a.md"), root.join("inside.txt")).unwrap();
        for path in ["link.md", "up/secret.md"] {
            assert!(refused(path, &access).await.contains("a symbolic link leads out of the folder"), "{path}");
        }
        let app = Files { access };
        let failure = folder("**/*.md".to_owned()).run(&app).await.unwrap_err();
        assert!(failure.report().to_string().contains("`link.md` is not loaded"));
        assert_eq!(file("inside.txt".to_owned()).run(&app).await.unwrap().text, "# A");
    }
    drop(home);
}

#[tokio::test]
async fn files_have_limits() {
    let (home, access) = folders();
    for (path, access, said) in [
        ("a.md", access.clone().max_bytes(4), "it is larger than 4 bytes"),
        ("raw.bin", access.clone(), "it is no text in UTF-8"),
        ("deep", access.clone(), "it is no regular file"),
        ("none.md", access.clone(), "it cannot be read"),
    ] {
        let text = refused(path, &access).await;
        assert!(text.contains(said), "{path}: {text}");
    }
    for (pattern, said) in [("**", "there are more than 2 files"), ("[", "it is no pattern")] {
        let app = Files { access: access.clone().max_files(2) };
        let failure = folder(pattern.to_owned()).run(&app).await.unwrap_err();
        assert!(failure.report().to_string().contains(said), "{pattern}");
    }
    let file = home.path().join("secret.md");
    assert!(FileAccess::below(&file).unwrap_err().to_string().contains("it is no folder"));
}

/// A server on this machine that answers by the path that it is asked for; it gives its port.
async fn server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    let mut piece = [0; 1024];
                    match stream.read(&mut piece).await {
                        Ok(0) | Err(_) => return,
                        Ok(length) => request.extend_from_slice(&piece[..length]),
                    }
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                let to = |place: &str| format!("302 Found\r\nlocation: {place}\r\ncontent-length: 0\r\n\r\n");
                let of = |kind: &str, body: &str| {
                    format!("200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
                };
                let answer = match path {
                    "/page" => of("text/html; charset=utf-8", "<title>x</title><h1>Page</h1><p>words</p>"),
                    "/deep" => of("text/html", &"<div>".repeat(5_000)),
                    "/asked" => of("text/plain", &request),
                    "/image" => of("image/png", "png"),
                    "/long" => of("text/plain", &"x".repeat(5_000)),
                    // Without a length, as long as the connection is there.
                    "/endless" => format!("200 OK\r\ncontent-type: text/plain\r\n\r\n{}", "x".repeat(5_000)),
                    "/moved" => to("/page"),
                    "/circle" => to("/circle"),
                    "/home" => to(&format!("http://localhost:{port}/page")),
                    "/cloud" => to("http://169.254.169.254/latest/meta-data"),
                    "/file" => to("file:///etc/passwd"),
                    "/slow" => return tokio::time::sleep(Duration::from_secs(60)).await,
                    _ => "404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
                };
                let _ = stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).await;
            });
        }
    });
    port
}

fn near() -> NetAccess {
    NetAccess::public().unwrap().private_host("127.0.0.1").max_bytes(1_000).timeout(Duration::from_secs(2))
}

#[tokio::test]
async fn pages_become_markdown_with_the_address_where_they_are() {
    let port = server().await;
    let app = Net { access: near() };
    let found = page(format!("http://127.0.0.1:{port}/moved?key=1")).run(&app).await;
    assert!(found.unwrap_err().report().to_string().contains("HTTP 404"));
    let found = page(format!("http://127.0.0.1:{port}/moved")).run(&app).await.unwrap();
    assert_eq!(found, Document::new(format!("http://127.0.0.1:{port}/page"), "# Page\n\nwords"));
}

#[tokio::test]
async fn pages_have_limits_and_redirects_lead_into_no_private_network() {
    let port = server().await;
    for (path, said) in [
        ("/deep", "it is larger than 1000 bytes"),
        ("/long", "it is larger than 1000 bytes"),
        ("/endless", "it is larger than 1000 bytes"),
        ("/image", "it is `image/png`"),
        ("/circle", "redirects more than 5 times"),
        ("/home", "it is this machine"),
        ("/cloud", "it is an address that no server has"),
        ("/file", "it is neither `http` nor `https`"),
        ("/slow", "it took more than 2s"),
        ("/none", "HTTP 404"),
    ] {
        let failure = page(format!("http://127.0.0.1:{port}{path}")).run(&Net { access: near() }).await.unwrap_err();
        let text = failure.report().to_string();
        assert!(text.contains(said), "{path}: {text}");
    }
}

#[tokio::test]
async fn addresses_in_all_clothes_are_refused() {
    let public = NetAccess::public().unwrap();
    for (url, said) in [
        ("http://127.0.0.1/", "it is this machine"),
        ("http://2130706433/", "it is this machine"),
        ("http://0x7f.1/", "it is this machine"),
        ("http://localhost/", "it is this machine"),
        ("http://[::ffff:7f00:1]/", "it is this machine"),
        ("http://10.0.0.1/", "it is in a private network"),
        ("http://[fd00::1]/", "it is in a private network"),
        ("http://169.254.169.254/", "it is an address that no server has"),
        ("http://0.0.0.0/", "it is an address that no server has"),
        ("ftp://example.com/", "it is neither `http` nor `https`"),
        ("http://user:pass@1.1.1.1/?key=abc", "it names a user"),
        ("no address?key=abc", "it is no address"),
    ] {
        let failure = page(url.to_owned()).run(&Net { access: public.clone() }).await.unwrap_err();
        let text = failure.report().to_string();
        assert!(text.contains(said) && !text.contains("abc") && !text.contains("pass@"), "{url}: {text}");
    }
    let only = NetAccess::only(["example.com", "*.example.org"]).unwrap();
    for url in ["http://1.1.1.1/", "http://example.com.evil.test/", "http://example.org/", "http://xexample.org/"] {
        let error = page(url.to_owned()).run(&Net { access: only.clone() }).await.unwrap_err();
        assert!(error.report().to_string().contains("not among those that are allowed"), "{url}");
    }
}

#[tokio::test]
async fn headers_are_sent_and_checked() {
    let port = server().await;
    let net = near();
    let asked =
        HttpRequest::new(HttpMethod::Put, format!("http://127.0.0.1:{port}/asked"), "body").header("x-key", "v");
    let reply = http_request(&asked, &net).await.unwrap();
    assert!(reply.body.starts_with("PUT /asked") && reply.body.contains("x-key: v"), "{}", reply.body);
    let moved = HttpRequest::post(format!("http://127.0.0.1:{port}/moved"), "");
    assert_eq!(http_request(&moved, &net).await.unwrap().status, 302);
    for (name, value) in [("host", "other"), ("x\r\ny", "1"), ("x", "1\r\ny: 2")] {
        let error = http_request(&asked.clone().header(name, value), &net).await.unwrap_err();
        assert!(matches!(error.kind(), LoadErrorKind::Invalid { .. }), "{name}: {error}");
    }
}

#[test]
fn html_that_is_too_deep_is_refused_before_it_takes_the_stack() {
    let error = html_to_markdown(&"<div>".repeat(100_000)).unwrap_err();
    assert!(error.to_string().contains("deeper than 256"), "{error}");
}
