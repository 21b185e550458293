//! Reading pixels: a JPEG at a fraction of its size, a PNG row by row, a WebP whole.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, Limits, RgbImage};
use jpeg_decoder::PixelFormat;

use super::kind::Kind;
use super::layout::Layout;
use super::shrink::{ENOUGH, Shrinker};

/// What a decoder may take for itself; `layout` has bounded the pixels already.
const DECODER_BYTES_MAX: usize = 256 << 20;
const ODD: &str = "not what its header says";

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The picture, upright, and no larger than is needed.
pub(super) fn decode(kind: Kind, layout: &Layout, bytes: &[u8]) -> Result<RgbImage, Error> {
    let (picture, orientation) = match kind {
        Kind::Jpeg => jpeg(bytes)?,
        Kind::Png => png(layout, bytes)?,
        Kind::WebP => webp(bytes)?,
    };
    let mut picture = DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

/// How the camera was held.
fn orientation(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_chunk).unwrap_or(Orientation::NoTransforms)
}

/// The transform of a JPEG can leave out what is too fine to be kept: 50 million pixels take 3 MB then.
fn jpeg(bytes: &[u8]) -> Result<(RgbImage, Orientation), Error> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(DECODER_BYTES_MAX);
    decoder.read_info()?;
    let enough = ENOUGH as u16;
    let (width, height) = decoder.scale(enough, enough)?;
    let mut pixels = decoder.decode()?;
    let format = decoder.info().ok_or(ODD)?.pixel_format;
    let channels = match format {
        PixelFormat::L8 => 1,
        PixelFormat::RGB24 => 3,
        PixelFormat::L16 => {
            pixels = pixels
                .chunks_exact(2)
                .map(|grey| u16::from_ne_bytes([grey[0], grey[1]]).to_be_bytes()[0])
                .collect();
            1
        }
        PixelFormat::CMYK32 => {
            pixels =
                pixels.chunks_exact(4).flat_map(|ink| printed([ink[0], ink[1], ink[2], ink[3]])).collect();
            3
        }
    };
    let picture = shrink(width.into(), height.into(), channels, &pixels)?;
    Ok((picture, orientation(decoder.exif_data())))
}

/// The colour of printing inks.
fn printed([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    let light = u32::from(255 - black);
    [cyan, magenta, yellow].map(|ink| (u32::from(255 - ink) * light / 255) as u8)
}

fn png(layout: &Layout, bytes: &[u8]) -> Result<(RgbImage, Orientation), Error> {
    let limits = png::Limits { bytes: DECODER_BYTES_MAX };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    // Neither is kept, and both may unpack to more than they are.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info()?;
    let orientation = orientation(reader.info().exif_metadata.as_deref());
    let channels = reader.output_color_type().0.samples();
    if reader.info().size() != (layout.width, layout.height) {
        return Err(ODD.into());
    }
    if layout.is_whole {
        let mut pixels = vec![0; reader.output_buffer_size().ok_or(ODD)?];
        let shown = reader.next_frame(&mut pixels)?;
        pixels.truncate(shown.buffer_size());
        reader.finish()?;
        return Ok((shrink(layout.width, layout.height, channels, &pixels)?, orientation));
    }
    let mut shrinker = Shrinker::new(layout.width, layout.height, channels);
    for _ in 0..layout.height {
        let row = reader.next_row()?.ok_or(ODD)?;
        if !shrinker.row(row.data()) {
            return Err(ODD.into());
        }
    }
    reader.finish()?;
    Ok((shrinker.finish().ok_or(ODD)?, orientation))
}

fn webp(bytes: &[u8]) -> Result<(RgbImage, Orientation), Error> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES_MAX as u64);
    limits.max_image_width = Some(super::SIDE_MAX);
    limits.max_image_height = Some(super::SIDE_MAX);
    decoder.set_limits(limits)?;
    let (width, height) = decoder.dimensions();
    // A header inside may say more than the one outside.
    if u64::from(width) * u64::from(height) > super::PIXELS_WHOLE_MAX {
        return Err(ODD.into());
    }
    let orientation = decoder.orientation()?;
    let channels = usize::from(decoder.color_type().channel_count());
    let mut pixels = vec![0; width as usize * height as usize * channels];
    decoder.read_image(&mut pixels)?;
    Ok((shrink(width, height, channels, &pixels)?, orientation))
}

fn shrink(width: u32, height: u32, channels: usize, pixels: &[u8]) -> Result<RgbImage, Error> {
    let mut shrinker = Shrinker::new(width, height, channels);
    for row in pixels.chunks(width as usize * channels) {
        if !shrinker.row(row) {
            return Err(ODD.into());
        }
    }
    Ok(shrinker.finish().ok_or(ODD)?)
}
