//! Pages as images.

use pdfium_render::prelude::{PdfPage, PdfRenderConfig};

use super::library::PdfLibrary;
use crate::{ExtractError, isolation::GrayImage};

/// Of an image for text recognition: what Tesseract is made for.
const RESOLUTION: f32 = 300.0;
/// On the longer side: a poster is drawn coarser.
const MAX_SIDE: f32 = 6000.0;

/// A page, from 1, as a PNG of that width in pixels.
pub(crate) fn png(bytes: &[u8], library: &PdfLibrary, number: i32, width: u16) -> Result<Vec<u8>, ExtractError> {
    let document = library.open(bytes)?;
    let failed = || ExtractError::damaged(format!("its page {number} cannot be drawn"));
    let page = document.pages().get(number - 1).map_err(|_| failed())?;
    let (rgba, width, height) = pixels(&page, f32::from(width.clamp(50, 4000))).ok_or_else(failed)?;
    let rgb: Vec<u8> = rgba.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&rgb));
    written.map_err(|_| failed())?;
    Ok(out)
}

/// A page for text recognition; `None` where it can't be drawn or shows nothing.
pub(super) fn gray(page: &PdfPage<'_>) -> Option<GrayImage> {
    let scale = (RESOLUTION / 72.0).min(MAX_SIDE / page.width().value.max(page.height().value));
    let (rgba, width, height) = pixels(page, (page.width().value * scale).round())?;
    // The usual weights of the colours (ITU-R BT.601).
    let luma = |[r, g, b, _]: &[u8; 4]| ((u32::from(*r) * 299 + u32::from(*g) * 587 + u32::from(*b) * 114) / 1000) as u8;
    let pixels: Vec<u8> = rgba.as_chunks::<4>().0.iter().map(luma).collect();
    let (darkest, lightest) = (pixels.iter().min()?, pixels.iter().max()?);
    (lightest - darkest > 32).then(|| GrayImage { width, height, resolution: (scale * 72.0).round() as u32, pixels })
}

fn pixels(page: &PdfPage<'_>, width: f32) -> Option<(Vec<u8>, u32, u32)> {
    let height = (width / page.width().value * page.height().value).round();
    if !(1.0..=2.0 * MAX_SIDE).contains(&height) || width < 1.0 {
        return None;
    }
    let config = PdfRenderConfig::new().set_target_size(width as i32, height as i32);
    let bitmap = page.render_with_config(&config).ok()?;
    let (width, height) = (u32::try_from(bitmap.width()).ok()?, u32::try_from(bitmap.height()).ok()?);
    let rgba = bitmap.as_rgba_bytes();
    (rgba.len() as u64 == 4 * u64::from(width) * u64::from(height)).then_some((rgba, width, height))
}
