//! Photographs of screens and paper: perspective, the stripes of a screen's pixels, uneven light, noise.

#![allow(dead_code, clippy::unwrap_used)]

use image::RgbaImage;
use warifu_scan::Point;

use super::draw::{Rgba, Screen, Seed};

/// How a camera sees it.
pub struct Camera {
    /// Size of the photograph in pixels.
    pub size: (u32, u32),
    /// What is around the screen.
    pub around: Rgba,
    /// How far each corner lies from where it would without perspective, as a share of the photograph's size.
    pub tilt: f32,
    /// Whether the red, green and blue stripes of the screen's pixels are seen.
    pub stripes: bool,
    /// How bright the darkest corner is, 1 for as bright as the middle.
    pub corner_light: f32,
    /// The most that noise adds or takes away.
    pub noise: u32,
}

impl Camera {
    /// Takes the photograph.
    pub fn shoot(&self, screen: &Screen, seed: &mut Seed) -> Screen {
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        let mut corner = |x: f32, y: f32| {
            let mut shift = || (seed.below(2001) as f32 / 1000.0 - 1.0) * self.tilt;
            (width * (x + shift()), height * (y + shift()))
        };
        let quad = [corner(0.08, 0.08), corner(0.92, 0.08), corner(0.92, 0.92), corner(0.08, 0.92)];
        let (from_width, from_height) = (screen.image.width() as f32, screen.image.height() as f32);
        let onto_photo = Homography::from_rectangle(from_width, from_height, quad);
        let onto_screen = onto_photo.inverse();
        let mut photo = Screen { image: RgbaImage::new(self.size.0, self.size.1), drawn: Vec::new() };
        for y in 0..self.size.1 {
            for x in 0..self.size.0 {
                let mut sum = [0.0_f32; 3];
                // Few samples: a camera's own pixels are coarse, and that is what makes moiré.
                for sample in 0..4 {
                    let at = (x as f32 + 0.25 + (sample % 2) as f32 / 2.0, y as f32 + 0.25 + (sample / 2) as f32 / 2.0);
                    let seen = self.light_from(screen, onto_screen.apply(at));
                    sum.iter_mut().zip(seen).for_each(|(sum, part)| *sum += part / 4.0);
                }
                let off = ((x as f32 / width - 0.5).powi(2) + (y as f32 / height - 0.5).powi(2)) * 2.0;
                let light = 1.0 - (1.0 - self.corner_light) * off;
                let noise = seed.below(2 * self.noise + 1) as f32 - self.noise as f32;
                let [r, g, b] = sum.map(|part| (part * light + noise).clamp(0.0, 255.0) as u8);
                photo.image.put_pixel(x, y, image::Rgba([r, g, b, 255]));
            }
        }
        photo.drawn = screen
            .drawn
            .iter()
            .map(|drawn| {
                let corners = drawn.corners.map(|corner| {
                    let (x, y) = onto_photo.apply((corner.x, corner.y));
                    Point { x, y }
                });
                super::draw::Drawn { text: drawn.text.clone(), corners, module: drawn.module * width / from_width }
            })
            .collect();
        photo
    }

    fn light_from(&self, screen: &Screen, (x, y): (f32, f32)) -> [f32; 3] {
        let inside = x >= 0.0 && y >= 0.0 && x < screen.image.width() as f32 && y < screen.image.height() as f32;
        let colour = if inside { screen.image.get_pixel(x as u32, y as u32).0 } else { self.around };
        let mut light = [0, 1, 2].map(|part| f32::from(colour[part]));
        if inside && self.stripes {
            // A third of a pixel each, with a dark line between the rows.
            let stripe = (x.fract() * 3.0) as usize;
            for (part, value) in light.iter_mut().enumerate() {
                *value *= if part == stripe.min(2) { 1.9 } else { 0.45 };
            }
            if y.fract() > 0.85 {
                light = light.map(|value| value * 0.35);
            }
        }
        light
    }
}

/// A mapping of one plane onto another, row by row.
struct Homography([[f32; 3]; 3]);

impl Homography {
    /// Maps a rectangle at the origin onto a quadrilateral, clockwise from the top-left corner.
    fn from_rectangle(width: f32, height: f32, quad: [(f32, f32); 4]) -> Homography {
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = quad;
        let (dx1, dx2, sum_x) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, sum_y) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let bottom = dx1 * dy2 - dx2 * dy1;
        let g = (sum_x * dy2 - dx2 * sum_y) / bottom;
        let h = (dx1 * sum_y - sum_x * dy1) / bottom;
        Homography([
            [(x1 - x0 + g * x1) / width, (x3 - x0 + h * x3) / height, x0],
            [(y1 - y0 + g * y1) / width, (y3 - y0 + h * y3) / height, y0],
            [g / width, h / height, 1.0],
        ])
    }

    fn apply(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let [u, v, w] = self.0.map(|[a, b, c]| a * x + b * y + c);
        (u / w, v / w)
    }

    fn inverse(&self) -> Homography {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.0;
        Homography([
            [e * i - f * h, c * h - b * i, b * f - c * e],
            [f * g - d * i, a * i - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ])
    }
}
