//! What the streams of a PDF unpack to, found out before anything is kept: the library that reads it keeps all of it, whatever it is.
//!
//! It looks at every place where a stream could begin, also in what is no stream, so that no table of contents can lead around it. Refusing
//! a file that would do no harm is the lesser evil.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};

/// Why a file is not given to the library.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It unpacks to more than so many bytes.
    Unpacks(u64),
    /// It has something that no bound can be set to.
    Has(&'static str),
}

/// More objects, a longer row of an image, or a wider field than this is in no file that is meant to be read.
const OBJECTS: u64 = 1 << 20;
const WIDTH: u64 = 1 << 16;
const ROW: u64 = 1 << 24;

/// Whether all streams together unpack to `total` bytes at most, and each to `single`.
pub(super) fn check(file: &[u8], total: u64, single: u64) -> Result<(), Refused> {
    let (mut left, mut last) = (total, 0);
    while let Some(found) = find(file, last) {
        between(file.get(last..found).unwrap_or_default())?;
        last = found + WORD.len();
        let packed = file.get(last..).unwrap_or_default();
        let allowed = left.min(single);
        let unpacked = unpacked(packed.get(blank(packed)..).unwrap_or_default(), allowed);
        if unpacked > allowed {
            return Err(Refused::Unpacks(if single <= left { single } else { total }));
        }
        left -= unpacked;
    }
    between(file.get(last..).unwrap_or_default())
}

const WORD: &[u8] = b"stream";

/// Where the next stream could begin.
fn find(file: &[u8], from: usize) -> Option<usize> {
    let mut place = from;
    loop {
        let found = place + file.get(place..)?.windows(WORD.len()).position(|word| word == WORD)?;
        if !file.get(..found)?.ends_with(b"end") {
            return Some(found);
        }
        place = found + WORD.len();
    }
}

/// How much white space stands between the word and what is packed: blanks and one end of a line.
fn blank(bytes: &[u8]) -> usize {
    let blanks = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match bytes.get(blanks..) {
        Some([b'\r', b'\n', ..]) => blanks + 2,
        Some([b'\r' | b'\n', ..]) => blanks + 1,
        _ => blanks,
    }
}

/// How many bytes it unpacks to, counted up to one more than `limit`. The library reads what has a broken head as well.
fn unpacked(bytes: &[u8], limit: u64) -> u64 {
    match counted(ZlibDecoder::new(bytes), limit) {
        0 => counted(DeflateDecoder::new(bytes.get(2..).unwrap_or_default()), limit),
        unpacked => unpacked,
    }
}

fn counted(mut unpacking: impl Read, limit: u64) -> u64 {
    let (mut piece, mut count) = ([0; 4096], 0);
    while count <= limit {
        match unpacking.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => count += length as u64,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // What came before it broke is kept by the library.
            Err(_) => break,
        }
    }
    count
}

/// Looks at what stands between two streams: the dictionary of the later one, and objects without a stream.
fn between(bytes: &[u8]) -> Result<(), Refused> {
    let (mut flate, mut other, mut row) = (0, 0, 1_u64);
    let mut rest = bytes;
    while let Some(slash) = rest.iter().position(|byte| *byte == b'/') {
        let (name, behind) = name(rest.get(slash + 1..).unwrap_or_default());
        rest = behind;
        let most = || numbers(behind).max().unwrap_or(0);
        match name.as_slice() {
            b"Encrypt" => return Err(Refused::Has("an encrypted PDF")),
            b"LZWDecode" => return Err(Refused::Has("a PDF that is packed by LZW")),
            b"FlateDecode" => flate += 1,
            b"ASCII85Decode" => other += 1,
            b"Size" | b"Index" if most() > OBJECTS => return Err(Refused::Has("a PDF with too many objects")),
            b"W" if most() > WIDTH => return Err(Refused::Has("a PDF with numbers that are too long")),
            b"Columns" | b"Colors" | b"BitsPerComponent" => row = row.saturating_mul(most().max(1)),
            _ => {}
        }
    }
    if flate > 1 || (flate == 1 && other > 0) {
        return Err(Refused::Has("a PDF that is packed twice"));
    }
    if row > ROW { Err(Refused::Has("a PDF with rows that are too long")) } else { Ok(()) }
}

/// The name that begins here, with what is written as `#41`, and what stands behind it.
fn name(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (mut name, mut rest) = (Vec::new(), bytes);
    while let [byte, behind @ ..] = rest {
        if name.len() > 32
            || byte.is_ascii_whitespace()
            || matches!(byte, 0 | b'/' | b'<' | b'>' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'%')
        {
            break;
        }
        let escaped = match behind {
            [high, low, ..] if *byte == b'#' => digit(high).zip(digit(low)),
            _ => None,
        };
        match (escaped, behind.get(2..)) {
            (Some((high, low)), Some(behind)) => {
                name.push(high * 16 + low);
                rest = behind;
            }
            _ => {
                name.push(*byte);
                rest = behind;
            }
        }
    }
    (name, rest)
}

/// The numbers that stand here, alone or in a list.
fn numbers(bytes: &[u8]) -> impl Iterator<Item = u64> + use<> {
    let is_list =
        |byte: &&u8| byte.is_ascii_digit() || byte.is_ascii_whitespace() || matches!(byte, b'[' | b'+' | b'-' | b'.');
    let list: Vec<u8> = bytes.iter().take_while(is_list).copied().collect();
    let words: Vec<u64> = list
        .split(|byte| !byte.is_ascii_digit())
        .filter(|word| !word.is_empty())
        .map(|word| std::str::from_utf8(word).ok().and_then(|word| word.parse().ok()).unwrap_or(u64::MAX))
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, ZlibEncoder};

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn stream(head: &str, end: &str, body: &[u8]) -> Vec<u8> {
        [format!("1 0 obj\n<< {head} >>\nstream{end}").as_bytes(), body, b"\nendstream\nendobj\n"].concat()
    }

    #[test]
    fn what_unpacks_to_too_much_is_found_wherever_it_stands() {
        let bomb = vec![0; 1 << 20];
        let mut bare = DeflateEncoder::new(vec![0, 0], Compression::best());
        bare.write_all(&bomb).unwrap();
        let bare = bare.finish().unwrap();
        for body in [packed(&bomb), bare] {
            for end in ["\n", "\r\n", "\r", " \t\n"] {
                let file = stream("/Filter /FlateDecode", end, &body);
                assert!(file.len() < 5_000);
                assert_eq!(check(&file, 1 << 20, 1 << 20), Ok(()), "{end:?}");
                assert_eq!(check(&file, 1 << 30, 1000), Err(Refused::Unpacks(1000)), "{end:?}");
                assert_eq!(check(&file.repeat(3), 2 << 20, 1 << 20), Err(Refused::Unpacks(2 << 20)), "{end:?}");
                // In what is said to be the body of another stream.
                let inside = stream("", "\n", &file);
                assert_eq!(check(&inside, 1 << 30, 1000), Err(Refused::Unpacks(1000)), "{end:?}");
            }
        }
    }

    #[test]
    fn what_no_bound_can_be_set_to_is_refused() {
        let text = packed(b"BT ET");
        for (head, refused) in [
            ("/Filter /FlateDecode /Length 13", None),
            ("/Filter [/FlateDecode /FlateDecode]", Some("a PDF that is packed twice")),
            ("/Filter [/ASCII85Decode /Fl#61teDecode]", Some("a PDF that is packed twice")),
            ("/Filter /LZW#44ecode", Some("a PDF that is packed by LZW")),
            ("/Encrypt 5 0 R", Some("an encrypted PDF")),
            ("/W [1 4 2] /Index [0 20 30 40] /Size 70", None),
            ("/W [1125899906842624 1 1]", Some("a PDF with numbers that are too long")),
            ("/W [1 99999999999999999999999 1]", Some("a PDF with numbers that are too long")),
            ("/W [0 0 0] /Index [0 4000000000]", Some("a PDF with too many objects")),
            ("/DecodeParms << /Predictor 12 /Columns 5000 /Colors 3 >>", None),
            ("/DecodeParms << /Predictor 12 /Columns 4294967295 >>", Some("a PDF with rows that are too long")),
            ("/DecodeParms << /Columns 65536 /Colors 65536 >>", Some("a PDF with rows that are too long")),
        ] {
            let found = check(&stream(head, "\n", &text), 1 << 20, 1 << 20);
            assert_eq!(found, refused.map_or(Ok(()), |what| Err(Refused::Has(what))), "{head}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>) {
            let file = [b"/W [".as_slice(), &bytes, b"stream\n", &bytes].concat();
            let _ = check(&file, 1000, 100);
        }
    }
}
