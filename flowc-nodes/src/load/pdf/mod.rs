//! The text of PDF files.

mod forms;
mod packed;
mod text;

use std::panic::catch_unwind;
use std::time::Duration;

use flowc::node;
use pdf_extract::Document as Pdf;

use self::packed::Refused;
use self::text::Stopped;
use super::{FileAccess, LoadError, LoadErrorKind};
use crate::document::Document;

/// A file of `max_bytes` may unpack to so many times as much, and one part of it to so many times.
const TOTAL: u64 = 16;
const SINGLE: u64 = 4;

/// How long reading a file may take, looked at between its letters and pages.
const LIMIT: Duration = Duration::from_secs(60);

/// Reads the text of a PDF file: a step, away from the async threads. Its path is relative to the application's [`FileAccess`].
///
/// Pages that are pictures have no text. A small file can be made to unfold to much, so that bounds are set to all that it does: the file
/// and its text have `max_bytes`; what it unpacks to has 16 times as much, and each part 4 times; and after a minute it is given up. A file
/// that draws itself, or is packed in a way that no bound can be set to (twice, or by LZW, as very old ones are), is refused.
///
/// # Errors
/// As for [`load_file`](crate::load_file()); a file that is no PDF or is encrypted, one without text, and one that unfolds to too much.
#[node(blocking)]
pub fn load_pdf(path: String, #[resource] access: FileAccess) -> Result<Document, LoadError> {
    let error = |kind| LoadError::new(&*path, kind);
    let wrong = |found: &str| error(LoadErrorKind::WrongType { found: found.to_owned() });
    let bytes = access.bytes(&path)?;
    if !bytes.starts_with(b"%PDF-") {
        return Err(wrong("no PDF"));
    }
    let (total, single) = (access.limit().saturating_mul(TOTAL), access.limit().saturating_mul(SINGLE));
    packed::check(&bytes, total, single).map_err(|refused| match refused {
        Refused::Unpacks(limit) => error(LoadErrorKind::Unpacks { limit }),
        Refused::Has(what) => wrong(what),
    })?;
    let broken = || wrong("a PDF that cannot be read");
    let longest = access.limit();
    // The library panics at some files that are broken. It has nothing that could be left half done.
    let read = catch_unwind(|| read(&bytes, longest, total)).map_err(|_| broken())?;
    let text = read.map_err(|stopped| match stopped {
        Stopped::Long => error(LoadErrorKind::TooLarge { limit: longest }),
        Stopped::Late => error(LoadErrorKind::Timeout { limit: LIMIT }),
        Stopped::Draws => wrong("a PDF that draws itself, or too much"),
        Stopped::Broken(source) => broken().because(source),
    })?;
    if text.trim().is_empty() {
        return Err(wrong("a PDF without text"));
    }
    Ok(Document::new(path, text.trim()))
}

fn read(bytes: &[u8], longest: u64, drawn: u64) -> Result<String, Stopped> {
    let pdf = Pdf::load_mem(bytes).map_err(|error| Stopped::Broken(error.into()))?;
    if forms::bounded(&pdf, drawn) { text::of(&pdf, longest, LIMIT) } else { Err(Stopped::Draws) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fmt::Write as _;
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    /// A PDF of one page, as the standard says that it has to be: its content, more objects from number 6 on, and what the page can draw.
    fn whole(content: &[u8], resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> {resources} >> >>"
        );
        let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
        let mut objects = vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            page.into_bytes(),
            content.to_vec(),
            font.as_bytes().to_vec(),
        ];
        objects.extend_from_slice(more);
        let mut file = b"%PDF-1.4\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (number, object) in objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
            file.extend_from_slice(format!("{} 0 obj\n", number + 1).as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        let end = format!("{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
        file.extend_from_slice(end.as_bytes());
        file
    }

    fn stream(head: &str, body: &[u8]) -> Vec<u8> {
        [format!("<< {head} /Length {} >>\nstream\n", body.len()).as_bytes(), body, b"\nendstream"].concat()
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn pdf(words: &str) -> Vec<u8> {
        whole(&stream("", format!("BT /F1 12 Tf 72 720 Td ({words}) Tj ET").as_bytes()), "", &[])
    }

    fn load(file: &[u8], max_bytes: u64) -> Result<Document, LoadError> {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("a.pdf"), file).unwrap();
        load_pdf("a.pdf".to_owned(), FileAccess::below(home.path()).unwrap().max_bytes(max_bytes))
    }

    #[test]
    fn a_pdf_has_its_text_and_what_is_none_is_refused() {
        let cut = pdf("Flour").split_at(200).0.to_owned();
        let found = load(&pdf("Flour and water"), 10_000).unwrap();
        assert_eq!(found, Document::new("a.pdf", "Flour and water"));
        for (file, said) in [
            (pdf(""), "it is a PDF without text"),
            (cut, "it is a PDF that cannot be read"),
            (b"words".to_vec(), "it is no PDF"),
        ] {
            let error = load(&file, 10_000).unwrap_err().to_string();
            assert!(error.contains(said), "{said}: {error}");
        }
        assert!(load(&pdf("Flour"), 100).unwrap_err().to_string().contains("larger than 100 bytes"));
        let outside = FileAccess::below(".").unwrap();
        assert!(load_pdf("../a.pdf".to_owned(), outside).unwrap_err().to_string().contains("`..`"));
    }

    #[test]
    fn what_is_packed_has_its_text() {
        let content = packed(b"BT /F1 12 Tf 72 720 Td (Packed flour) Tj ET");
        let found = load(&whole(&stream("/Filter /FlateDecode", &content), "", &[]), 10_000).unwrap();
        assert_eq!(found.text, "Packed flour");
        // A form that draws another, each once.
        let inner = stream("/Type /XObject /Subtype /Form", b"BT /F1 12 Tf 72 720 Td (Drawn flour) Tj ET");
        let inner =
            [b"<< /Resources << /Font << /F1 5 0 R >> >> ".as_slice(), inner.strip_prefix(b"<<").unwrap()].concat();
        let page = stream("", b"/A Do");
        let found = load(&whole(&page, "/XObject << /A 6 0 R >>", &[inner]), 10_000).unwrap();
        assert_eq!(found.text, "Drawn flour");
    }

    #[test]
    fn a_bomb_is_refused_before_it_goes_off() {
        // 64 MiB of a page in 64 KiB.
        let bomb = packed(&vec![b' '; 64 << 20]);
        let file = whole(&stream("/Filter /FlateDecode", &bomb), "", &[]);
        assert!(file.len() < 100_000, "{}", file.len());
        let error = load(&file, 100_000).unwrap_err();
        assert_eq!(*error.kind(), LoadErrorKind::Unpacks { limit: 400_000 });
        assert!(error.to_string().contains("unpacks to more than 400000 bytes"), "{error}");
        // The same in many parts, each of which would do.
        let part = stream("/Filter /FlateDecode", &packed(&vec![b' '; 300_000]));
        let error = load(&whole(&part, "", &vec![part.clone(); 8]), 100_000).unwrap_err();
        assert_eq!(*error.kind(), LoadErrorKind::Unpacks { limit: 1_600_000 });
        // Packed twice, it is a few hundred bytes.
        let twice = whole(&stream("/Filter [/FlateDecode /FlateDecode]", &packed(&bomb)), "", &[]);
        assert!(load(&twice, 100_000).unwrap_err().to_string().contains("packed twice"));
    }

    #[test]
    fn what_draws_itself_or_too_much_is_refused() {
        let form = |content: &str, draws: &str| {
            stream(
                &format!("/Type /XObject /Subtype /Form /Resources << /XObject << {draws} >> >>"),
                content.as_bytes(),
            )
        };
        let page = stream("", b"/A Do");
        let itself = whole(&page, "/XObject << /A 6 0 R >>", &[form("/A Do", "/A 6 0 R")]);
        // Without resources of its own it has those of the page, and is there again.
        let inherited = whole(&page, "/XObject << /A 6 0 R >>", &[stream("/Type /XObject /Subtype /Form", b"/A Do")]);
        // Ten times ten times ten ..
        let tens: Vec<_> = (0..20).map(|level| form(&"/A Do ".repeat(10), &format!("/A {} 0 R", level + 7))).collect();
        let many = whole(&page, "/XObject << /A 6 0 R >>", &[tens, vec![stream("", b"q Q")]].concat());
        for file in [itself, inherited, many] {
            let error = load(&file, 100_000).unwrap_err().to_string();
            assert!(error.contains("draws itself, or too much"), "{error}");
        }
    }

    #[test]
    fn reading_ends_when_its_time_is_up() {
        let pdf = Pdf::load_mem(&pdf("Flour")).unwrap();
        assert!(matches!(text::of(&pdf, 100, Duration::ZERO), Err(Stopped::Late)));
        assert!(matches!(text::of(&pdf, 2, LIMIT), Err(Stopped::Long)));
    }
}
