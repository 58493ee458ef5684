//! The framing of the language server protocol: a `Content-Length` header, an empty line, JSON.

use std::io::{BufRead, Write};

use serde_json::Value;

use crate::Result;

/// Writes one message.
pub(crate) fn write(to: &mut impl Write, message: &Value) -> Result<()> {
    let body = serde_json::to_vec(message)?;
    write!(to, "Content-Length: {}\r\n\r\n", body.len())?;
    to.write_all(&body)?;
    to.flush()?;
    Ok(())
}

/// Reads one message; `None` when the stream has ended between two messages.
pub(crate) fn read(from: &mut impl BufRead) -> Result<Option<Value>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = Some(value.trim().parse()?),
            _ => {}
        }
    }
    let mut body = vec![0; length.ok_or("a message of the language server has no content-length")?];
    from.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_that_was_written_is_read_back() -> Result<()> {
        let mut bytes = Vec::new();
        write(&mut bytes, &json!({"method": "größer"}))?;
        write(&mut bytes, &json!({"id": 2}))?;
        let mut from = bytes.as_slice();
        assert_eq!(read(&mut from)?, Some(json!({"method": "größer"})));
        assert_eq!(read(&mut from)?, Some(json!({"id": 2})));
        assert_eq!(read(&mut from)?, None);
        Ok(())
    }

    #[test]
    fn a_message_without_a_length_is_an_error() {
        let mut from = "Content-Type: json\r\n\r\n{}".as_bytes();
        assert!(read(&mut from).is_err());
    }
}
