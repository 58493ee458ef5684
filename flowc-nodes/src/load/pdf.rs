//! The text of PDF files.

use std::panic::catch_unwind;

use flowc::node;

use super::{FileAccess, LoadError, LoadErrorKind};
use crate::document::Document;

/// Reads the text of a PDF file: a step, away from the async threads. Its path is relative to the application's [`FileAccess`].
///
/// Pages that are pictures have no text. A small file can unfold to much: `max_bytes` bounds the file and the text that comes of it, but not
/// what it takes in between, so give it files that you trust, or run it in a process with limits of its own.
///
/// # Errors
/// As for [`load_file`](crate::load_file()); a file that is no PDF or is encrypted, and one without text.
#[node(blocking)]
pub fn load_pdf(path: String, #[resource] access: FileAccess) -> Result<Document, LoadError> {
    let wrong = |found: &str| LoadError::new(&*path, LoadErrorKind::WrongType { found: found.to_owned() });
    let bytes = access.bytes(&path)?;
    if !bytes.starts_with(b"%PDF-") {
        return Err(wrong("no PDF"));
    }
    // The library panics at some files that are broken. It has nothing that could be left half done.
    let text = catch_unwind(|| pdf_extract::extract_text_from_mem(&bytes));
    let text = text.map_err(|_| wrong("a PDF that cannot be read"))?;
    let text = text.map_err(|error| wrong("a PDF that cannot be read").because(error))?;
    if text.len() as u64 > access.limit() {
        return Err(LoadError::new(&*path, LoadErrorKind::TooLarge { limit: access.limit() }));
    }
    if text.trim().is_empty() {
        return Err(wrong("a PDF without text"));
    }
    Ok(Document::new(path, text.trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fmt::Write;

    use super::*;

    /// A PDF of one page with these words, as the standard says that it has to be.
    fn pdf(words: &str) -> String {
        let drawn = format!("BT /F1 12 Tf 72 720 Td ({words}) Tj ET");
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{drawn}\nendstream", drawn.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        ];
        let (mut file, mut table) = ("%PDF-1.4\n".to_owned(), "xref\n0 6\n0000000000 65535 f \n".to_owned());
        for (number, object) in objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
            write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
        }
        let start = file.len();
        write!(file, "{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
        file
    }

    #[test]
    fn a_pdf_has_its_text_and_what_is_none_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let access = FileAccess::below(home.path()).unwrap();
        for (name, text) in [
            ("a.pdf", pdf("Flour and water")),
            ("empty.pdf", pdf("")),
            ("cut.pdf", pdf("Flour").split_at(200).0.to_owned()),
            ("no.pdf", "words".to_owned()),
        ] {
            std::fs::write(home.path().join(name), text).unwrap();
        }
        let read = |path: &str| load_pdf(path.to_owned(), access.clone()).map_err(|error| error.to_string());
        assert_eq!(read("a.pdf"), Ok(Document::new("a.pdf", "Flour and water")));
        for (path, said) in [
            ("empty.pdf", "it is a PDF without text"),
            ("cut.pdf", "it is a PDF that cannot be read"),
            ("no.pdf", "it is no PDF"),
            ("../a.pdf", "`..`"),
        ] {
            assert!(read(path).unwrap_err().contains(said), "{path}: {:?}", read(path));
        }
        let small = access.clone().max_bytes(100);
        assert!(load_pdf("a.pdf".to_owned(), small).unwrap_err().to_string().contains("larger than 100 bytes"));
    }
}
