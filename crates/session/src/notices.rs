//! What the person is told without having asked: shown on top of the list until it is put away or settled.

use warifu_vault::MergeReport;

use crate::{ErrorCode, SessionError};

/// Something to be told; a sentence with what it fills in, like an error.
pub(crate) type Notice = SessionError;

/// The notices of an open vault, each kind once, the newest last.
#[derive(Default)]
pub(crate) struct Notices {
    told: Vec<Notice>,
    /// What is told has changed since somebody asked.
    changed: bool,
}

impl Notices {
    /// All of them.
    pub(crate) fn all(&self) -> &[Notice] {
        &self.told
    }

    /// Whether what is told has changed since this was asked last.
    pub(crate) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Tells something; what was told of the same kind before is replaced.
    pub(crate) fn put(&mut self, notice: Notice) {
        self.set(notice.code, Some(notice));
    }

    /// Tells something, or that there is no such thing any more.
    pub(crate) fn set(&mut self, code: ErrorCode, notice: Option<Notice>) {
        let before = self.told.iter().position(|told| told.code == code).map(|index| self.told.remove(index));
        self.changed |= before != notice;
        self.told.extend(notice);
    }

    pub(crate) fn take_away(&mut self, code: ErrorCode) {
        self.set(code, None);
    }

    pub(crate) fn has(&self, code: ErrorCode) -> bool {
        self.told.iter().any(|notice| notice.code == code)
    }

    /// Tells what came from another copy, together with what was told of it and not yet put away.
    pub(crate) fn merged(&mut self, report: &MergeReport) {
        if report.ways_in {
            self.put(ErrorCode::WaysInChanged.into());
        }
        if report.added + report.changed + report.removed + report.conflicts.len() == 0 {
            return;
        }
        let told = self.told.iter().find(|notice| notice.code == ErrorCode::VaultMerged);
        let before = |name: &str| -> usize {
            told.and_then(|notice| notice.detail.get(name)).and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        let notice = Notice::new(ErrorCode::VaultMerged)
            .with("added", before("added") + report.added)
            .with("changed", before("changed") + report.changed + report.removed)
            .with("conflicts", before("conflicts") + report.conflicts.len());
        self.put(notice);
    }
}
