//! QR codes, for a terminal and for the invoice.

use fast_qr::qr::QRCode;
use fast_qr::{ECL, QRBuilder};

/// Light modules around the code (ISO/IEC 18004 asks for four), without which scanners do not find it.
const QUIET_ZONE: usize = 4;

/// The text is longer than a QR code of medium error correction can hold (2,331 bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

/// A QR code for a terminal with light letters on a dark ground: each character is two modules, one above the
/// other.
///
/// # Errors
/// [`TooLong`].
pub fn qr_terminal(text: &str) -> Result<String, TooLong> {
    let code = Code::of(text)?;
    let mut out = String::new();
    for row in (0..code.width()).step_by(2) {
        for column in 0..code.width() {
            // What is light in the code is drawn, what is dark stays ground.
            out.push(match (code.is_dark(row, column), code.is_dark(row + 1, column)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        out.push('\n');
    }
    Ok(out)
}

/// A code with its quiet zone.
pub(crate) struct Code(Box<QRCode>);

impl Code {
    pub(crate) fn of(text: &str) -> Result<Self, TooLong> {
        QRBuilder::new(text).ecl(ECL::M).build().map(|code| Self(Box::new(code))).map_err(|_| TooLong)
    }

    pub(crate) fn width(&self) -> usize {
        self.0.size + 2 * QUIET_ZONE
    }

    /// Everything outside the code is light.
    pub(crate) fn is_dark(&self, row: usize, column: usize) -> bool {
        let size = self.0.size;
        match (row.checked_sub(QUIET_ZONE), column.checked_sub(QUIET_ZONE)) {
            (Some(row), Some(column)) if row < size && column < size => {
                self.0.data.get(row * size + column).is_some_and(|module| module.value())
            }
            (_, _) => false,
        }
    }
}
