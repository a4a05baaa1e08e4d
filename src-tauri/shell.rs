//! What all commands share: the session behind a lock, taken on a blocking task.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use tauri::async_runtime::{Sender, spawn_blocking};
use warifu_guard::on_clean_stack;
use warifu_ipc::views::{ErrorView, Language};
use warifu_session::{ErrorCode, Session, SessionError, Unlocked};

/// Two seconds: longer than any save, shorter than a person's patience with a window that does not close.
const LEAVE_TRIES: u32 = 40;
const LEAVE_PAUSE: Duration = Duration::from_millis(50);

/// The state that Tauri hands to every command.
#[derive(Clone)]
pub struct Shell {
    session: Arc<Mutex<Session>>,
    /// Where the overlay windows report to, while the screen is frozen.
    pub(crate) scan_end: Arc<Mutex<Option<Sender<ScanEnd>>>>,
    pub(crate) overlays: Arc<Overlays>,
    pub(crate) unlockings: Arc<Unlockings>,
    pub(crate) system_language: Language,
}

/// Whether the overlay windows of a scan have come to life. One that never fetches its picture could not be left either.
#[derive(Default)]
pub(crate) struct Overlays {
    scan: AtomicU32,
    alive: AtomicU32,
}

impl Overlays {
    /// A new scan begins; this is its number.
    pub(crate) fn begin(&self) -> u32 {
        self.scan.fetch_add(1, Ordering::AcqRel).wrapping_add(1)
    }

    /// An overlay window of the present scan has its picture.
    pub(crate) fn live(&self) {
        self.alive.store(self.scan.load(Ordering::Acquire), Ordering::Release);
    }

    /// Whether this is still the present scan.
    fn is_present(&self, scan: u32) -> bool {
        self.scan.load(Ordering::Acquire) == scan
    }

    /// Whether this is still the present scan, and no window of it has come to life.
    pub(crate) fn is_dead(&self, scan: u32) -> bool {
        self.is_present(scan) && self.alive.load(Ordering::Acquire) != scan
    }
}

/// What is being opened, if anything: how to say that the person gave up.
#[derive(Default)]
pub(crate) struct Unlockings(Mutex<Option<Box<dyn FnOnce() + Send>>>);

impl Unlockings {
    /// One begins, and ends early when `give_up` is called.
    pub(crate) fn begin(&self, give_up: impl FnOnce() + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(give_up));
    }

    /// It is over.
    pub(crate) fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The person gives up; nothing if nothing is under way.
    pub(crate) fn cancel(&self) {
        let give_up = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(give_up) = give_up {
            give_up();
        }
    }
}

/// How a scan of the screen ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanEnd {
    /// Something was taken; it is the session's reading.
    Picked,
    /// The person left, or the vault was locked.
    Cancelled,
    /// The overlay windows did not come to life.
    Dead,
}

impl Shell {
    /// A shell over a session.
    pub fn new(session: Session, system_language: Language) -> Shell {
        Shell {
            session: Arc::new(Mutex::new(session)),
            scan_end: Arc::default(),
            overlays: Arc::default(),
            unlockings: Arc::default(),
            system_language,
        }
    }

    /// The session, here and now. For the heartbeat and the end of the program; commands use [`Self::with`].
    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        // A panic elsewhere must not take the codes away: the session's changes are whole or undone.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of the program: nothing of ours stays in memory or on the clipboard. What holds the session at this moment
    /// may hang on something outside; it is waited for, but not for ever.
    pub(crate) fn leave(&self) {
        for _ in 0..LEAVE_TRIES {
            let session = match self.session.try_lock() {
                Ok(session) => Some(session),
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            };
            if let Some(mut session) = session {
                session.lock();
                if let Some(clearing) = session.tick().clearing {
                    let _ = clearing.run();
                }
                return;
            }
            thread::sleep(LEAVE_PAUSE);
        }
    }

    /// Does something with the session on a blocking task, of which nothing stays on the stack.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, SessionError> + Send + 'static,
    ) -> Result<T, ErrorView> {
        let shell = self.clone();
        let outcome = spawn_blocking(move || on_clean_stack(|| work(&mut shell.session()))).await;
        match outcome {
            Ok(outcome) => outcome.map_err(ErrorView::from),
            Err(_) => Err(SessionError::new(ErrorCode::Unexpected).with("reason", "a task ended early").into()),
        }
    }

    /// Does something with the open vault on a blocking task; while it is locked, the answer is `locked`.
    pub(crate) async fn with_unlocked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Unlocked<'_>) -> Result<T, SessionError> + Send + 'static,
    ) -> Result<T, ErrorView> {
        self.with(move |session| work(&mut session.unlocked()?)).await
    }

    /// Whether this scan still waits for the person's choice.
    pub(crate) fn is_scanning(&self, scan: u32) -> bool {
        self.overlays.is_present(scan) && self.scan_end.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Tells whoever waits for the overlay windows that they are done.
    pub(crate) fn end_scan(&self, end: ScanEnd) {
        if let Some(sender) = self.scan_end.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A receiver that is gone has nothing to wait for.
            let _ = sender.try_send(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Overlays;

    #[test]
    fn a_living_overlay_is_never_taken_for_dead() {
        let overlays = Overlays::default();
        let first = overlays.begin();
        assert!(overlays.is_dead(first));
        overlays.live();
        assert!(!overlays.is_dead(first));
        let second = overlays.begin();
        assert!(!overlays.is_dead(first), "an earlier scan's watch does not end a later scan");
        assert!(overlays.is_dead(second));
    }
}
