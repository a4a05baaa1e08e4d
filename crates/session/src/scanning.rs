//! The frozen screen: captured once, held in memory, dropped when a choice is made.

use std::sync::Arc;

use warifu_scan::{FoundCode, Region};

use crate::{
    ErrorCode, SessionError,
    ports::{Frame, ScreenCapture},
    reading::{self, Reading},
    unlocked::Unlocked,
};

/// Every monitor at one moment, and the codes on it.
pub struct Scan {
    monitors: Vec<Arc<Monitor>>,
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
        let searched = |frame: Frame| Arc::new(Monitor { codes: warifu_scan::find_codes(&frame.picture), frame });
        Ok(Scan { monitors: frames.into_iter().map(searched).collect() })
    }

    /// The monitors.
    pub fn monitors(&self) -> &[Arc<Monitor>] {
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

impl Monitor {
    /// Looks harder inside a box, in the frame's pixels; nothing where no code is. That takes a while: do it away from the session.
    pub fn look_in(&self, region: Region) -> Option<Reading> {
        reading::read_codes(&warifu_scan::find_codes_in(&self.frame.picture, region))
    }
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
    pub fn monitor(&self, index: usize) -> Result<&Arc<Monitor>, SessionError> {
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

    /// Takes what was read in a box of the frozen screen ([`Monitor::look_in`]), unless that was left meanwhile. The frozen screen is
    /// dropped.
    pub fn take_from_box(&mut self, reading: Reading) -> Result<&Reading, SessionError> {
        if self.open.scan.is_none() {
            return Err(ErrorCode::NoFrame.into());
        }
        self.end_scan();
        Ok(self.propose(reading))
    }

    /// Drops the frozen screen.
    pub fn end_scan(&mut self) {
        self.open.scan = None;
    }
}
