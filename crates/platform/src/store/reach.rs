//! Whether the second folder answers. A network drive whose server is gone keeps whoever asks it waiting for minutes or for ever,
//! and behind the one who asks wait the codes.

use std::{
    fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::sync_channel,
    },
    thread,
    time::Duration,
};

use warifu_session::ports::StoreError;

use crate::reason::io_error;

/// A disk that slept answers within some seconds; what takes longer is away.
const LIMIT: Duration = Duration::from_secs(3);

/// What asks on a thread of its own, one question at a time.
#[derive(Default)]
pub(super) struct Reach {
    /// An earlier question is not answered yet.
    waiting: Arc<AtomicBool>,
}

impl Reach {
    /// Whether the folder answers at all; what it answers, that it is not there for one, is for whoever uses it.
    pub(super) fn answers(&self, folder: &Path) -> Result<(), StoreError> {
        self.ask(folder, |folder| drop(fs::metadata(folder)))
    }

    fn ask(&self, folder: &Path, question: fn(&Path)) -> Result<(), StoreError> {
        let no_answer = || io_error(&io::ErrorKind::TimedOut.into());
        if self.waiting.swap(true, Ordering::SeqCst) {
            return Err(no_answer());
        }
        let (answer, answered) = sync_channel(1);
        let (folder, waiting) = (folder.to_owned(), self.waiting.clone());
        thread::spawn(move || {
            question(&folder);
            waiting.store(false, Ordering::SeqCst);
            // Whoever asked may have gone on.
            let _ = answer.try_send(());
        });
        answered.recv_timeout(LIMIT).map_err(|_| no_answer())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_hangs_is_waited_for_once_and_one_that_is_away_answers() {
        let reach = Reach::default();
        assert!(reach.answers(Path::new("/nowhere at all")).is_ok());
        assert!(reach.ask(Path::new("x"), |_| thread::sleep(LIMIT * 3)).is_err());
        assert!(reach.answers(Path::new("/")).is_err(), "no second thread waits behind the first");
    }
}
