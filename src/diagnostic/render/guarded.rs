//! JSON that is safe to print on a terminal: the characters that [`Visible`](super::Visible) shows as numbers are escaped, so
//! that parsers still read exactly what was written.

use std::io::{BufWriter, Result, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use super::visible::{is_plain, pieces};

/// Writes a value as indented JSON, and a line end.
pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> Result<()> {
    // The serializer writes only a few bytes at a time.
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let formatter = Guarded(PrettyFormatter::new());
    value.serialize(&mut Serializer::with_formatter(&mut out, formatter))?;
    writeln!(out)?;
    out.flush()
}

struct Guarded(PrettyFormatter<'static>);

impl Formatter for Guarded {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> Result<()> {
        if is_plain(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        pieces(fragment).try_for_each(|(safe, unsafe_one)| {
            out.write_all(safe.as_bytes())?;
            let mut units = [0; 2];
            let units = unsafe_one.map_or(&[][..], |c| c.encode_utf16(&mut units));
            units.iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))
        })
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_acts_is_escaped_and_kept() {
        let text = "a\u{1b}[31m\u{202e}b\u{7f}\"\\\u{e0041} ລາວ";
        let mut json = Vec::new();
        super::write(&text, &mut json).expect("memory can be written");
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        assert_eq!(json, "\"a\\u001b[31m\\u202eb\\u007f\\\"\\\\\\udb40\\udc41 ລາວ\"\n");
        assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
    }
}
