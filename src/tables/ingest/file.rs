//! The bytes of a file on disk: read, or mapped where the file is large. **memmap2** lives here.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use memmap2::{Advice, Mmap};

use crate::diagnostic::Bytes;

/// A file of more bytes is mapped: its text then takes no memory of ours.
const LARGE: u64 = 32 << 20;

/// Opens a file.
pub(super) fn open(path: &Path) -> std::io::Result<Bytes> {
    let mut file = File::open(path)?;
    let length = file.metadata()?;
    let large = length.is_file() && length.len() > LARGE;
    if let Some(Ok(map)) = large.then(|| map(&file)) {
        return Ok(Bytes::of(map));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// The one place where the compiler has to trust us.
#[allow(unsafe_code)]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the map is read only. Who shortens the file under us gets a crash, and who rewrites it gets faults about what
    // it held at one moment or the other; neither can make what we read into anything but bytes.
    let map = unsafe { Mmap::map(file)? };
    // Only a wish: a system that does not know it reads all the same.
    let _ = map.advise(Advice::WillNeed);
    Ok(map)
}
