//! Making a picture small: first by whole numbers, row by row as it is read, then exactly.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageError, RgbImage};

use super::{PICTURE_SIDE, QUALITY};

/// Longest side of what the exact step begins with: twice the result, so that nothing is lost that could be seen.
pub(super) const ENOUGH: u32 = 2 * PICTURE_SIDE;

/// Takes rows and keeps the mean of each square of pixels, over white where they can be seen through.
#[derive(Debug)]
pub(super) struct Shrinker {
    factor: usize,
    channels: usize,
    rows_left: u32,
    rows_taken: u32,
    width: usize,
    sums: Vec<[u32; 3]>,
    out: Vec<u8>,
}

impl Shrinker {
    /// For rows of pixels of so many bytes: grey, grey with alpha, RGB, or RGB with alpha.
    pub(super) fn new(width: u32, height: u32, channels: usize) -> Self {
        let factor = (width.max(height) / ENOUGH).max(1) as usize;
        let cells = (width as usize).div_ceil(factor);
        let out = Vec::with_capacity(cells * (height as usize).div_ceil(factor) * 3);
        let sums = vec![[0; 3]; cells];
        Self { factor, channels, rows_left: height, rows_taken: 0, width: width as usize, sums, out }
    }

    /// Takes the next row; answers whether it was one.
    #[must_use]
    pub(super) fn row(&mut self, row: &[u8]) -> bool {
        if self.rows_left == 0 || row.len() != self.width * self.channels {
            return false;
        }
        for (sum, cell) in self.sums.iter_mut().zip(row.chunks(self.factor * self.channels)) {
            for pixel in cell.chunks_exact(self.channels) {
                let (colour, alpha) = match *pixel {
                    [grey] => ([grey; 3], 255),
                    [grey, alpha] => ([grey; 3], alpha),
                    [red, green, blue] => ([red, green, blue], 255),
                    [red, green, blue, alpha] => ([red, green, blue], alpha),
                    _ => return false,
                };
                let alpha = u32::from(alpha);
                for (sum, colour) in sum.iter_mut().zip(colour) {
                    *sum += (u32::from(colour) * alpha + 255 * (255 - alpha) + 127) / 255;
                }
            }
        }
        self.rows_left -= 1;
        self.rows_taken += 1;
        if self.rows_taken as usize == self.factor || self.rows_left == 0 {
            self.put();
        }
        true
    }

    fn put(&mut self) {
        for (at, sum) in self.sums.iter_mut().enumerate() {
            let across = self.factor.min(self.width - at * self.factor) as u32;
            let count = across * self.rows_taken;
            self.out.extend(sum.map(|sum| ((sum + count / 2) / count) as u8));
            *sum = [0; 3];
        }
        self.rows_taken = 0;
    }

    /// The picture, once all rows were taken.
    pub(super) fn finish(self) -> Option<RgbImage> {
        let width = self.sums.len();
        let height = self.out.len() / (width * 3);
        if self.rows_left > 0 {
            return None;
        }
        RgbImage::from_raw(width as u32, height as u32, self.out)
    }
}

/// Fits a picture into a square; one that fits stays as it is.
pub(super) fn fit(picture: RgbImage, side: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= side {
        return picture;
    }
    let scaled = |length: u32| ((length * side + longest / 2) / longest).max(1);
    let (width, height) = (scaled(width), scaled(height));
    DynamicImage::ImageRgb8(picture).resize_exact(width, height, FilterType::Lanczos3).into_rgb8()
}

/// As JPEG, with nothing beside the pixels.
pub(super) fn encode(picture: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.encode(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8)?;
    Ok(bytes)
}
