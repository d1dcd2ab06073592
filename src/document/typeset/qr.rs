//! The code that a telephone reads: the address of the country on the web, as a drawing; **qrcode** lives here.

use qrcode::{Color, EcLevel, QrCode};

/// Its name in the staging folder.
pub(super) const FILE: &str = "code.svg";

/// The white that must surround a code, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// An address as a QR code, dark modules as one path; none where it is too long for a code.
pub(super) fn code(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let side = code.width();
    let dark = code.into_colors().into_iter().enumerate().filter(|(_, colour)| *colour == Color::Dark);
    let path: String = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % side + QUIET, at / side + QUIET)).collect();
    let whole = side + 2 * QUIET;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{whole}\" height=\"{whole}\" fill=\"#FFFFFF\"/><path d=\"{path}\" fill=\"#000000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finders_and_its_white() {
        let drawn = code("https://example.org/briefs#LAO").unwrap_or_default();
        // 29 modules a side hold up to 42 bytes at this level; the finder in the left upper corner begins after the white.
        assert!(drawn.contains("viewBox=\"0 0 37 37\"") && drawn.contains("M4 4h1v1h-1z"), "{drawn}");
        assert!(!drawn.contains("M3 ") && drawn.contains("M10 4h1v1h-1z") && !drawn.contains("M11 4h"), "{drawn}");
        assert_eq!(code(&"x".repeat(3000)), None);
    }
}
