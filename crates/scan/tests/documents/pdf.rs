//! Writes PDF files with QR codes in them, in the ways their makers do.

#![allow(dead_code, clippy::unwrap_used)]

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use qrcode::{Color, EcLevel, QrCode};

/// A PDF under construction. Objects are numbered from 1; 1 is the catalogue, 2 the page tree.
pub struct Pdf {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
}

/// How a code gets onto a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A picture of one bit a pixel, one pixel a module, enlarged by the page.
    Image,
    /// A picture of 8 bits of grey, four pixels a module, deflated.
    Grey,
    /// A JPEG, as scanners and phones make them.
    Jpeg,
    /// A rectangle for each dark module, as web pages printed to a file have.
    Rectangles,
    /// Two glyphs of a font that is drawn by the file: a dark module and a light one.
    Glyphs,
    /// Black everywhere, and a soft mask that lets it through.
    SoftMask,
    /// Grey of half opacity on black: transparency groups.
    Transparent,
    /// A form within a form.
    Form,
    /// The appearance of an annotation: a stamp put on by hand.
    Stamp,
    /// A picture within the page's own text.
    Inline,
}

pub const WAYS: [Way; 10] = [
    Way::Image,
    Way::Grey,
    Way::Jpeg,
    Way::Rectangles,
    Way::Glyphs,
    Way::SoftMask,
    Way::Transparent,
    Way::Form,
    Way::Stamp,
    Way::Inline,
];

/// A code as modules, with the quiet zone.
struct Modules {
    size: usize,
    dark: Vec<bool>,
}

impl Modules {
    fn of(text: &str) -> Modules {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let (inner, colours) = (code.width(), code.to_colors());
        let size = inner + 8;
        let is_dark = |x: usize, y: usize| {
            (4..4 + inner).contains(&x)
                && (4..4 + inner).contains(&y)
                && colours[(y - 4) * inner + x - 4] == Color::Dark
        };
        Modules { size, dark: (0..size * size).map(|at| is_dark(at % size, at / size)).collect() }
    }

    fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.dark.len()).filter(|at| self.dark[*at]).map(|at| (at % self.size, self.size - 1 - at / self.size))
    }

    /// One bit a module, rows padded to bytes; 1 is light.
    fn bits(&self) -> Vec<u8> {
        let byte =
            |bits: &[bool]| bits.iter().enumerate().fold(0, |byte, (at, dark)| byte | u8::from(!dark) << (7 - at));
        self.dark.chunks(self.size).flat_map(|row| row.chunks(8).map(byte).collect::<Vec<u8>>()).collect()
    }

    /// One byte a pixel, `scale` pixels a module.
    fn grey(&self, scale: usize, dark: u8, light: u8) -> Vec<u8> {
        let side = self.size * scale;
        let value = |at: usize| if self.dark[at / side / scale * self.size + at % side / scale] { dark } else { light };
        (0..side * side).map(value).collect()
    }
}

impl Default for Pdf {
    fn default() -> Self {
        Pdf { objects: vec![Vec::new(), Vec::new()], pages: Vec::new() }
    }
}

impl Pdf {
    /// A file with these pages, each an A4 sheet with text and with these codes on it.
    pub fn with_codes(way: Way, pages: &[&[&str]]) -> Vec<u8> {
        let mut pdf = Pdf::default();
        for codes in pages {
            pdf.page("/MediaBox [0 0 595 842]", way, codes, 110.0);
        }
        pdf.bytes()
    }

    /// Adds a page with codes of a size in points, one below the other.
    pub fn page(&mut self, attributes: &str, way: Way, codes: &[&str], size: f64) {
        let mut content = String::from("0.2 g\n");
        for line in 0..20 {
            content += &format!("60 {} {} 6 re f\n", 40 + line * 10, 200 + line * 97 % 250);
        }
        let (mut resources, mut annotations) = (String::new(), String::new());
        for (index, text) in codes.iter().enumerate() {
            let (x, y) = (80.0, 700.0 - size * 1.2 * index as f64);
            let place = format!("{size} 0 0 {size} {x} {y} cm");
            let (drawn, more) = self.code(way, &Modules::of(text), index);
            if way == Way::Stamp {
                let corner = [x + size, y + size];
                annotations += &format!(
                    "<< /Type /Annot /Subtype /Stamp /F 4 /Rect [{x} {y} {} {}] /AP << /N {drawn} >> >> ",
                    corner[0], corner[1]
                );
            } else {
                content += &format!("q {place} {drawn} Q\n");
            }
            resources += &more;
        }
        let content = self.stream("", content.as_bytes());
        let page = self.object(format!(
            "<< /Type /Page /Parent 2 0 R {attributes} /Contents {content} 0 R /Annots [ {annotations} ] /Resources << {resources} >> >>"
        ));
        self.pages.push(page);
    }

    /// Adds a page with this content stream.
    pub fn page_of(&mut self, attributes: &str, content: &str) {
        let content = self.stream("", content.as_bytes());
        let page = self.object(format!("<< /Type /Page /Parent 2 0 R {attributes} /Contents {content} 0 R >>"));
        self.pages.push(page);
    }

    /// The operators that draw a code into the unit square, and the resources they name. Of a stamp: its appearance.
    fn code(&mut self, way: Way, modules: &Modules, index: usize) -> (String, String) {
        let size = modules.size;
        let image = |pdf: &mut Pdf, more: &str, data: &[u8], scale: usize| {
            let side = size * scale;
            pdf.stream(&format!("/Type /XObject /Subtype /Image /Width {side} /Height {side} {more}"), data)
        };
        let named = |object: usize| (format!("/X{index} Do"), format!("/XObject << /X{index} {object} 0 R >> "));
        match way {
            Way::Image => named(image(self, "/ColorSpace /DeviceGray /BitsPerComponent 1", &modules.bits(), 1)),
            Way::Grey => {
                let more = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode";
                named(image(self, more, &deflated(&modules.grey(4, 0, 255)), 4))
            }
            Way::Jpeg => {
                let side = (size * 4) as u32;
                let mut jpeg = Vec::new();
                image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 60)
                    .encode(&modules.grey(4, 20, 240), side, side, image::ExtendedColorType::L8)
                    .unwrap();
                named(image(self, "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", &jpeg, 4))
            }
            Way::Rectangles => (rectangles(modules), String::new()),
            Way::Glyphs => {
                let dark = self.stream("", b"1000 0 0 0 1000 1000 d1 0 0 1000 1000 re f");
                let light = self.stream("", b"1000 0 0 0 1000 1000 d1");
                let font = self.object(format!(
                    "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] \
                     /CharProcs << /dark {dark} 0 R /light {light} 0 R >> /FirstChar 97 /LastChar 98 /Widths [1000 1000] \
                     /Encoding << /Type /Encoding /Differences [97 /dark /light] >> /Resources << >> >>"
                ));
                let module = 1.0 / size as f64;
                let rows = modules.dark.chunks(size).map(|row| {
                    let row: String = row.iter().map(|dark| if *dark { 'a' } else { 'b' }).collect();
                    format!("({row}) Tj T*\n")
                });
                let text: String = rows.collect();
                let first = 1.0 - module;
                (
                    format!("BT /F{index} {module} Tf {module} TL 0 {first} Td {text} ET"),
                    format!("/Font << /F{index} {font} 0 R >> "),
                )
            }
            Way::SoftMask => {
                let mask = image(self, "/ColorSpace /DeviceGray /BitsPerComponent 8", &modules.grey(2, 255, 0), 2);
                let more = format!("/ColorSpace /DeviceGray /BitsPerComponent 8 /SMask {mask} 0 R");
                named(image(self, &more, &vec![0; size * size * 4], 2))
            }
            Way::Transparent => {
                let form = self.form(&format!("/G gs {}", rectangles(modules)), "/ExtGState << /G << /ca 0.5 >> >>");
                named(form)
            }
            Way::Form => {
                let inner = self.form(&rectangles(modules), "");
                let outer = self.form("q /I Do Q", &format!("/XObject << /I {inner} 0 R >>"));
                named(outer)
            }
            Way::Stamp => (format!("{} 0 R", self.form(&rectangles(modules), "")), String::new()),
            Way::Inline => {
                let hex: String = modules.bits().iter().map(|byte| format!("{byte:02x}")).collect();
                (format!("BI /W {size} /H {size} /CS /G /BPC 1 /F /AHx ID {hex}> EI"), String::new())
            }
        }
    }

    fn form(&mut self, content: &str, resources: &str) -> usize {
        let more = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Group << /S /Transparency /I true >> /Resources << {resources} >>"
        );
        self.stream(&more, content.as_bytes())
    }

    /// Adds an object, and says its number.
    pub fn object(&mut self, text: impl Into<Vec<u8>>) -> usize {
        self.objects.push(text.into());
        self.objects.len()
    }

    /// Adds a stream, and says its number.
    pub fn stream(&mut self, dictionary: &str, data: &[u8]) -> usize {
        let mut text = format!("<< {dictionary} /Length {} >>\nstream\n", data.len()).into_bytes();
        text.extend(data);
        text.extend(b"\nendstream");
        self.object(text)
    }

    /// The pages as references, for a page tree of one's own.
    pub fn kids(&self) -> String {
        self.pages.iter().map(|page| format!("{page} 0 R ")).collect()
    }

    /// The file.
    pub fn bytes(mut self) -> Vec<u8> {
        if self.objects[1].is_empty() {
            self.objects[1] =
                format!("<< /Type /Pages /Kids [ {} ] /Count {} >>", self.kids(), self.pages.len()).into();
        }
        self.objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>".to_vec();
        let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut places = Vec::new();
        for (index, object) in self.objects.iter().enumerate() {
            places.push(file.len());
            file.extend(format!("{} 0 obj\n", index + 1).bytes());
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        let start = file.len();
        file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
        for place in &places {
            file.extend(format!("{place:010} 00000 n \n").bytes());
        }
        file.extend(
            format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", places.len() + 1).bytes(),
        );
        file
    }

    /// Takes another page tree than the plain one.
    pub fn with_tree(mut self, tree: &str) -> Pdf {
        self.objects[1] = tree.into();
        self
    }
}

/// A zlib stream.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn rectangles(modules: &Modules) -> String {
    let module = 1.0 / modules.size as f64;
    let one = |(x, y): (usize, usize)| {
        format!("{:.5} {:.5} {module:.5} {module:.5} re\n", x as f64 * module, y as f64 * module)
    };
    format!("0 g\n{} f", modules.places().map(one).collect::<String>())
}
