//! What the person is told without having asked: shown on top of the list until it is put away or settled.

use warifu_vault::MergeReport;

use crate::{ErrorCode, SessionError};

/// Something to be told; a sentence with what it fills in, like an error.
pub(crate) type Notice = SessionError;

/// The notices of an open vault, each kind once, the newest last.
#[derive(Default)]
pub(crate) struct Notices(Vec<Notice>);

impl Notices {
    /// All of them.
    pub(crate) fn all(&self) -> &[Notice] {
        &self.0
    }

    /// Tells something; what was told of the same kind before is replaced.
    pub(crate) fn put(&mut self, notice: Notice) {
        self.take_away(notice.code);
        self.0.push(notice);
    }

    /// Tells something, or that there is no such thing any more.
    pub(crate) fn set(&mut self, code: ErrorCode, notice: Option<Notice>) {
        self.take_away(code);
        self.0.extend(notice);
    }

    pub(crate) fn take_away(&mut self, code: ErrorCode) {
        self.0.retain(|notice| notice.code != code);
    }

    pub(crate) fn has(&self, code: ErrorCode) -> bool {
        self.0.iter().any(|notice| notice.code == code)
    }

    /// Tells what came from another copy, together with what was told of it and not yet put away.
    pub(crate) fn merged(&mut self, report: &MergeReport) {
        if report.is_empty() {
            return;
        }
        let told = self.0.iter().find(|notice| notice.code == ErrorCode::VaultMerged);
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
