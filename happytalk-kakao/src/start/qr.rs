//! The button's address as a QR code.

use std::fmt;

use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

use super::StartPart;
use crate::error::Error;

/// A 상담하기 button to point a phone at. Of what is printed an eighth may be lost (level M).
#[derive(Clone)]
pub struct StartQr(QrCode);

impl StartQr {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let code = QrCode::with_error_correction_level(url, EcLevel::M);
        code.map(Self).map_err(|_| Error::BadStart {
            part: StartPart::Extra,
        })
    }

    /// How many squares it has along each side, without the margin of four that the pictures have.
    #[must_use]
    pub fn squares(&self) -> usize {
        self.0.width()
    }

    /// The picture as SVG, black on white, at least `side_px` wide and high with its margin. A camera wants some 3 pixels
    /// for a square; on paper, a side of 2 cm.
    #[must_use]
    pub fn to_svg(&self, side_px: u32) -> String {
        let mut renderer = self.0.render::<svg::Color<'_>>();
        renderer.min_dimensions(side_px, side_px).build()
    }

    /// The picture for a terminal with light letters on dark ground, two squares in a character.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut renderer = self.0.render::<unicode::Dense1x2>();
        renderer
            .dark_color(unicode::Dense1x2::Light)
            .light_color(unicode::Dense1x2::Dark)
            .build()
    }
}

/// What it says does not show.
impl fmt::Debug for StartQr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StartQr({} squares)", self.squares())
    }
}
