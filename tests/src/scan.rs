//! Documents as a scanner gives them: pictures of pages, without a letter of text.

use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// A page in shades of grey, row by row, 0 is black.
#[derive(Clone)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Picture {
    /// # Panics
    /// The bytes are no PNG of colours, eight bits each.
    #[must_use]
    pub fn of_png(bytes: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut rgb = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut rgb).expect("a picture");
        let pixels = rgb.chunks_exact(3).map(|c| ((u16::from(c[0]) + u16::from(c[1]) + u16::from(c[2])) / 3) as u8).collect();
        Self { width: info.width as usize, height: info.height as usize, pixels }
    }

    /// Turned by a quarter, against the clock.
    #[must_use]
    pub fn turned(&self) -> Self {
        let (width, height) = (self.height, self.width);
        let pixel = |at: usize| self.pixels[(at % width) * self.width + (self.width - 1 - at / width)];
        Self { width, height, pixels: (0..width * height).map(pixel).collect() }
    }

    /// Turned by some degrees about its middle, as paper lies askew; what comes in from outside is white.
    #[must_use]
    pub fn askew(&self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (middle_x, middle_y) = (self.width as f64 / 2.0, self.height as f64 / 2.0);
        let pixel = |at: usize| {
            let (x, y) = ((at % self.width) as f64 - middle_x, (at / self.width) as f64 - middle_y);
            self.between(cos * x - sin * y + middle_x, sin * x + cos * y + middle_y)
        };
        Self { pixels: (0..self.width * self.height).map(pixel).collect(), ..*self }
    }

    /// The shade between four pixels.
    fn between(&self, x: f64, y: f64) -> u8 {
        let at = |x: f64, y: f64| {
            let inside = x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height;
            if inside { f64::from(self.pixels[y as usize * self.width + x as usize]) } else { 255.0 }
        };
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let row = |y: f64| at(left, y) * (1.0 - across) + at(left + 1.0, y) * across;
        (row(top) * (1.0 - down) + row(top + 1.0) * down).round() as u8
    }
}

/// A PDF of nothing but pictures, with so many pixels an inch.
///
/// # Panics
/// It can't be written.
#[must_use]
pub fn scanned_pdf(pictures: &[Picture], resolution: u32) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let number = |n: usize| i64::try_from(n).expect("a small number");
    let kids: Vec<Object> = pictures
        .iter()
        .map(|picture| {
            let points = |pixels: usize| pixels as f32 * 72.0 / resolution as f32;
            let (width, height) = (points(picture.width), points(picture.height));
            let mut image = Stream::new(
                dictionary! {
                    "Type" => "XObject", "Subtype" => "Image", "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
                    "Width" => number(picture.width), "Height" => number(picture.height),
                },
                picture.pixels.clone(),
            );
            image.compress().expect("to compress");
            let image = document.add_object(image);
            let content = format!("{width} 0 0 {height} 0 0 cm /I Do");
            let content = document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
            let resources = dictionary! { "XObject" => dictionary! { "I" => image } };
            let page = dictionary! {
                "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), width.into(), height.into()],
            };
            document.add_object(page).into()
        })
        .collect();
    let count = number(kids.len());
    document.objects.insert(pages, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("to write into memory");
    bytes
}
