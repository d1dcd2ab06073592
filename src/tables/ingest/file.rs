//! The bytes of a file on disk: read, or mapped where the file is large. **memmap2** lives here.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use memmap2::Mmap;

use crate::diagnostic::Bytes;

/// A larger file is mapped into memory, not read.
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

/// The only unsafe code in this program.
#[allow(unsafe_code)]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the map is read-only. If somebody shortens the file meanwhile, the program crashes; if somebody rewrites it, the
    // errors may be about its old or new content. In neither case is anything but plain bytes read.
    let map = unsafe { Mmap::map(file)? };
    // Only advice: where it is not taken the file is read all the same. Windows takes none.
    #[cfg(unix)]
    let _ = map.advise(memmap2::Advice::WillNeed);
    Ok(map)
}
