//! The frozen screen: captured once, held in memory, dropped when a choice is made.

use warifu_scan::{FoundCode, Region};

use crate::{
    ErrorCode, SessionError,
    ports::{Frame, ScreenCapture},
    reading::{self, Reading},
    unlocked::Unlocked,
};

/// Every monitor at one moment, and the codes on it.
pub struct Scan {
    monitors: Vec<Monitor>,
}

impl Scan {
    /// Freezes the screen and looks for codes. Our own windows must be hidden by then. A desktop may first ask the person
    /// whether it may: do it away from the session.
    ///
    /// A picture of all monitors together is cut into theirs where `monitors` fit it.
    pub fn freeze(screen: &dyn ScreenCapture, monitors: &[MonitorPlace]) -> Result<Scan, SessionError> {
        let mut frames = screen.capture()?;
        if let (true, [all]) = (screen.asks(), frames.as_slice())
            && let Some(parts) = cut(all, monitors)
        {
            frames = parts;
        }
        // Not every desktop names a main monitor; one of them has to carry the hint.
        let none_is_primary = !frames.iter().any(|frame| frame.primary);
        match frames.first_mut() {
            None => return Err(SessionError::new(ErrorCode::CaptureFailed).with("reason", "no monitor")),
            Some(first) => first.primary |= none_is_primary,
        }
        let monitors =
            frames.into_iter().map(|frame| Monitor { codes: warifu_scan::find_codes(&frame.picture), frame }).collect();
        Ok(Scan { monitors })
    }

    /// The monitors.
    pub fn monitors(&self) -> &[Monitor] {
        &self.monitors
    }
}

/// Where a monitor lies on the desktop, in the desktop's own unit, which scaling makes larger than a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonitorPlace {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Cuts a picture of all monitors together into one frame for each, in their order. A desktop draws them all in the largest scale that
/// any has, whichever that is. Nothing if the picture has not the shape of these monitors: then it is better shown as it is.
fn cut(all: &Frame, monitors: &[MonitorPlace]) -> Option<Vec<Frame>> {
    let left = monitors.iter().map(|monitor| i64::from(monitor.x)).min()?;
    let top = monitors.iter().map(|monitor| i64::from(monitor.y)).min()?;
    let right = monitors.iter().map(|monitor| i64::from(monitor.x) + i64::from(monitor.width)).max()?;
    let bottom = monitors.iter().map(|monitor| i64::from(monitor.y) + i64::from(monitor.height)).max()?;
    let (width, height) = (f64::from(all.picture.width()), f64::from(all.picture.height()));
    let scale = width / (right - left) as f64;
    // A desktop rounds each side to whole pixels by itself.
    if scale < 1.0 || ((bottom - top) as f64 * scale - height).abs() > 1.0 + scale / 2.0 {
        return None;
    }
    let pixel = |place: i64| (place as f64 * scale).round() as u32;
    let part = |monitor: &MonitorPlace| {
        let (x, y) = (i64::from(monitor.x) - left, i64::from(monitor.y) - top);
        let region = Region {
            x: pixel(x),
            y: pixel(y),
            width: pixel(x + i64::from(monitor.width)) - pixel(x),
            height: pixel(y + i64::from(monitor.height)) - pixel(y),
        };
        let picture = all.picture.crop(region)?;
        Some(Frame { x: region.x.cast_signed(), y: region.y.cast_signed(), primary: false, picture })
    };
    monitors.iter().map(part).collect()
}

/// One monitor of the frozen screen.
pub struct Monitor {
    /// What it showed.
    pub frame: Frame,
    /// The codes on it, in reading order.
    pub codes: Vec<FoundCode>,
}

impl Unlocked<'_> {
    /// Holds the frozen screen for the person to choose from.
    ///
    /// Once that worked, the desktop knows what to answer, and the person what is asked.
    pub fn begin_scan(&mut self, scan: Scan) {
        self.open.scan = Some(scan);
        if self.ports.screen.asks() {
            self.memory.screen_was_shown(&*self.ports.memory);
        }
    }

    /// One monitor of the frozen screen.
    pub fn monitor(&self, index: usize) -> Result<&Monitor, SessionError> {
        let scan = self.open.scan.as_ref();
        scan.and_then(|scan| scan.monitors.get(index)).ok_or_else(|| ErrorCode::NoFrame.into())
    }

    /// Takes one of the codes found. The frozen screen is dropped.
    pub fn pick_code(&mut self, monitor: usize, code: usize) -> Result<&Reading, SessionError> {
        let code = self.monitor(monitor)?.codes.get(code).ok_or(ErrorCode::NoCodeFound)?;
        let reading = reading::read_payload(code.expose_text());
        self.end_scan();
        Ok(self.propose(reading))
    }

    /// Takes all of the codes found, on every monitor. The frozen screen is dropped.
    pub fn pick_all(&mut self) -> Result<&Reading, SessionError> {
        let scan = self.open.scan.as_ref().ok_or(ErrorCode::NoFrame)?;
        let codes = scan.monitors.iter().flat_map(|monitor| &monitor.codes);
        let reading = reading::read_codes(codes).ok_or(ErrorCode::NoCodeFound)?;
        self.end_scan();
        Ok(self.propose(reading))
    }

    /// Looks harder inside a box, in the frame's pixels. If nothing is there the frozen screen stays, for another try.
    pub fn pick_region(&mut self, monitor: usize, region: Region) -> Result<Option<&Reading>, SessionError> {
        let codes = warifu_scan::find_codes_in(&self.monitor(monitor)?.frame.picture, region);
        match reading::read_codes(&codes) {
            None => Ok(None),
            Some(reading) => {
                self.end_scan();
                Ok(Some(self.propose(reading)))
            }
        }
    }

    /// Drops the frozen screen.
    pub fn end_scan(&mut self) {
        self.open.scan = None;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use warifu_scan::Picture;

    use super::*;

    /// A picture whose pixels say where they are.
    fn desktop(width: u32, height: u32) -> Frame {
        let pixel = |at: u32| [(at % width) as u8, (at / width) as u8, 0, 255];
        let rgba: Vec<u8> = (0..width * height).flat_map(pixel).collect();
        Frame { x: 0, y: 0, primary: true, picture: Picture::from_rgba(width, height, rgba).unwrap() }
    }

    fn monitor(x: i32, y: i32, width: u32, height: u32) -> MonitorPlace {
        MonitorPlace { x, y, width, height }
    }

    /// Width, height and first pixel of each part.
    fn parts(all: &Frame, monitors: &[MonitorPlace]) -> Option<Vec<(u32, u32, [u8; 2])>> {
        let parts = cut(all, monitors)?;
        Some(
            parts
                .iter()
                .map(|Frame { picture, .. }| {
                    (picture.width(), picture.height(), [picture.expose_rgba()[0], picture.expose_rgba()[1]])
                })
                .collect(),
        )
    }

    #[test]
    fn a_picture_of_all_monitors_is_cut_along_their_edges() {
        let beside = [monitor(0, 0, 60, 40), monitor(60, 10, 30, 30)];
        assert_eq!(parts(&desktop(90, 40), &beside), Some(vec![(60, 40, [0, 0]), (30, 30, [60, 10])]));
        // The second has the scale 2: all are drawn so, and places left of the main monitor count from the left edge.
        let left = [monitor(0, 0, 60, 40), monitor(-30, 0, 30, 20)];
        assert_eq!(parts(&desktop(180, 80), &left), Some(vec![(120, 80, [60, 0]), (60, 40, [0, 0])]));
        // The scale 1.5, where no edge lies on a whole pixel.
        let odd = [monitor(0, 0, 33, 21), monitor(33, 0, 33, 21)];
        assert_eq!(parts(&desktop(99, 32), &odd), Some(vec![(50, 32, [0, 0]), (49, 32, [50, 0])]));
    }

    #[test]
    fn a_picture_of_another_shape_stays_whole() {
        let beside = [monitor(0, 0, 60, 40), monitor(60, 0, 60, 40)];
        for other in [desktop(60, 40), desktop(120, 43), desktop(90, 30)] {
            assert_eq!(parts(&other, &beside), None);
        }
        assert_eq!(parts(&desktop(60, 40), &[]), None);
    }
}
