//! The keyring of the operating system: the Secret Service on Linux, the Keychain on macOS, the Credential Manager on
//! Windows.
//!
//! It may hang: a keyring asks another program, which asks a person. So it is asked on a thread of its own, one question at
//! a time, and whoever asked goes on after [`LIMIT`], answer or not.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use keyring::{Entry, Error};
use warifu_session::ports::{KeyStore, KeyStoreError};
use zeroize::{Zeroize, Zeroizing};

/// What an item belongs to, as the system's own programs show it.
const SERVICE: &str = "warifu";
/// The port promises an answer within two seconds; the rest is for those who pass it on.
const LIMIT: Duration = Duration::from_millis(1800);

/// The keyring of the person who is logged in.
#[derive(Default)]
pub struct OsKeyring {
    /// The way to the thread that asks, once there is one.
    asking: Mutex<Option<Sender<Question>>>,
}

impl KeyStore for OsKeyring {
    fn get(&self, name: &str) -> Result<Zeroizing<String>, KeyStoreError> {
        self.ask(name, |entry| match entry.get_password() {
            Ok(text) => Ok(Zeroizing::new(text)),
            Err(Error::BadEncoding(mut bytes)) => {
                bytes.zeroize();
                // What is no text was not kept by us. It opens nothing, as an empty one does.
                Ok(Zeroizing::default())
            }
            Err(error) => Err(error),
        })
    }

    fn set(&self, name: &str, text: &Zeroizing<String>) -> Result<(), KeyStoreError> {
        // Line ends have cost whole collections.
        if text.chars().any(char::is_control) {
            return Err(KeyStoreError::Unavailable { reason: "not one line of text".to_owned() });
        }
        let text = text.clone();
        self.ask(name, move |entry| entry.set_password(&text))
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        self.ask(name, |entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            outcome => outcome,
        })
    }
}

impl OsKeyring {
    fn ask<T: Send + 'static>(
        &self,
        name: &str,
        call: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let (answer, answered) = sync_channel(1);
        let given_up = Arc::new(AtomicBool::new(false));
        let question = {
            let (name, given_up) = (name.to_owned(), given_up.clone());
            move || {
                // Of no use to anybody any more, and a change that comes late would be a surprise.
                if !given_up.load(Ordering::SeqCst) {
                    reply(&answer, &name, call);
                }
            }
        };
        self.thread()?.send(Box::new(question)).map_err(|_| unavailable("the thread that asks is gone"))?;
        answered.recv_timeout(LIMIT).unwrap_or_else(|error| {
            given_up.store(true, Ordering::SeqCst);
            Err(match error {
                RecvTimeoutError::Timeout => KeyStoreError::TimedOut,
                RecvTimeoutError::Disconnected => unavailable("the thread that asks is gone"),
            })
        })
    }

    /// One thread for all questions: while one hangs, perhaps on a dialog of the system, no second dialog appears.
    fn thread(&self) -> Result<Sender<Question>, KeyStoreError> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*asking {
            return Ok(sender.clone());
        }
        let (sender, questions) = channel::<Question>();
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || questions.into_iter().for_each(|question| question()))
            .map_err(|error| unavailable(&error.kind().to_string()))?;
        Ok(asking.insert(sender).clone())
    }
}

/// What the thread is to do.
type Question = Box<dyn FnOnce() + Send>;

fn reply<T>(
    answer: &SyncSender<Result<T, KeyStoreError>>,
    name: &str,
    call: impl FnOnce(&Entry) -> keyring::Result<T>,
) {
    // Whatever the other side says, it must not take the thread away.
    let outcome = catch_unwind(AssertUnwindSafe(|| entry(name).and_then(|entry| call(&entry))));
    let _ = answer.send(match outcome {
        Ok(outcome) => outcome.map_err(key_store_error),
        // A panic's message may quote what was being read.
        Err(_) => Err(unavailable("no sensible answer")),
    });
}

/// An item on a connection of its own: a keyring that was started again, or for the first time, is found.
#[cfg(target_os = "linux")]
fn entry(name: &str) -> keyring::Result<Entry> {
    use keyring_core::api::CredentialStoreApi;
    let inner = zbus_secret_service_keyring_store::Store::new()?.build(SERVICE, name, None)?;
    Ok(Entry { inner })
}

#[cfg(not(target_os = "linux"))]
fn entry(name: &str) -> keyring::Result<Entry> {
    Entry::new(SERVICE, name)
}

fn key_store_error(error: Error) -> KeyStoreError {
    match error {
        Error::NoEntry => KeyStoreError::NoEntry,
        // The system's own word; no error of it quotes what is kept.
        Error::PlatformFailure(error) | Error::NoStorageAccess(error) => unavailable(&error.to_string()),
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            unavailable("not understood")
        }
        Error::Ambiguous(_) => unavailable("more than one such item"),
        _ => unavailable("refused"),
    }
}

fn unavailable(reason: &str) -> KeyStoreError {
    KeyStoreError::Unavailable { reason: reason.to_owned() }
}
