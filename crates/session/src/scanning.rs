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
    pub fn freeze(screen: &dyn ScreenCapture) -> Result<Scan, SessionError> {
        let mut frames = screen.capture()?;
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
        let reading = reading::read_code(code);
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
