//! The text, in bounded length and time.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use pdf_extract::{
    ColorSpace, Document, MediaBox, OutputDev, OutputError, Path, PlainTextOutput, Transform, output_doc,
};

/// Why there is no text.
pub(super) enum Stopped {
    Long,
    Late,
    Draws,
    Broken(OutputError),
}

/// The text of all pages, `longest` bytes at most.
pub(super) fn of(pdf: &Document, longest: u64, limit: Duration) -> Result<String, Stopped> {
    let mut bounded = Bounded { text: Vec::new(), longest };
    let until = Instant::now() + limit;
    let mut output = Until { until, plain: PlainTextOutput::new(&mut bounded as &mut dyn Write) };
    match output_doc(pdf, &mut output) {
        Ok(()) => Ok(String::from_utf8_lossy(&bounded.text).into_owned()),
        Err(_) if Instant::now() >= until => Err(Stopped::Late),
        Err(_) if bounded.text.len() as u64 > longest => Err(Stopped::Long),
        Err(error) => Err(Stopped::Broken(error)),
    }
}

/// Takes so many bytes, and of what goes beyond only as much as tells that it does.
struct Bounded {
    text: Vec<u8>,
    longest: u64,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.text.len() as u64 > self.longest {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.text.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Looks at the clock at all that is told.
struct Until<'t> {
    until: Instant,
    plain: PlainTextOutput<&'t mut dyn Write>,
}

impl Until<'_> {
    fn checked(&mut self) -> Result<&mut impl OutputDev, OutputError> {
        if Instant::now() < self.until {
            Ok(&mut self.plain)
        } else {
            Err(io::Error::from(io::ErrorKind::TimedOut).into())
        }
    }
}

type Told = Result<(), OutputError>;

impl OutputDev for Until<'_> {
    fn begin_page(&mut self, number: u32, media: &MediaBox, art: Option<(f64, f64, f64, f64)>) -> Told {
        self.checked()?.begin_page(number, media, art)
    }

    fn end_page(&mut self) -> Told {
        self.checked()?.end_page()
    }

    fn output_character(&mut self, at: &Transform, width: f64, spacing: f64, size: f64, character: &str) -> Told {
        self.checked()?.output_character(at, width, spacing, size, character)
    }

    fn begin_word(&mut self) -> Told {
        self.checked()?.begin_word()
    }

    fn end_word(&mut self) -> Told {
        self.checked()?.end_word()
    }

    fn end_line(&mut self) -> Told {
        self.checked()?.end_line()
    }

    fn stroke(&mut self, at: &Transform, space: &ColorSpace, color: &[f64], path: &Path) -> Told {
        self.checked()?.stroke(at, space, color, path)
    }

    fn fill(&mut self, at: &Transform, space: &ColorSpace, color: &[f64], path: &Path) -> Told {
        self.checked()?.fill(at, space, color, path)
    }
}
