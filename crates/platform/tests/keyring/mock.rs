//! A Secret Service that misbehaves (the Secret Service API draft 0.2 of freedesktop.org, as far as one item goes).

use std::{
    collections::HashMap,
    future::pending,
    sync::{Arc, Mutex},
};

use zbus::{
    blocking::Connection,
    fdo, interface,
    object_server::SignalEmitter,
    zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value},
};

use crate::bus::Bus;

/// In what way it misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It has its name on the bus and answers nothing.
    Silent,
    /// It hangs when it is to search.
    SilentWhenSearched,
    /// It hangs when it is to hand out what it keeps.
    SilentWhenRead,
    /// The item is locked, and nobody answers the question for the password.
    PromptWithoutEnd,
    /// The item is locked, and the question for the password is turned away.
    PromptDismissed,
    /// It opens no session.
    RefusesSessions,
    /// It does not search.
    RefusesSearches,
    /// It finds the item and does nothing with it.
    RefusesItems,
    /// It finds the item, which then is gone.
    ItemGone,
    /// It finds two where one was kept.
    Two,
    /// It gives another text than was kept.
    OtherText,
    /// It gives what is no text.
    NoText,
    /// It gives an empty text.
    Empty,
    /// It gives what does not decrypt.
    Garbled,
    /// It gives the first bytes of what was kept.
    Truncated,
    /// It forgets what is needed to decrypt.
    NoVector,
}

/// The service; it leaves the bus with the test.
pub struct Mock {
    _connection: Connection,
    calls: Arc<Mutex<Vec<&'static str>>>,
}

impl Mock {
    pub fn start(bus: &Bus, mood: Mood) -> Mock {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let state = State { mood, calls: calls.clone() };
        let builder = zbus::blocking::connection::Builder::address(bus.address.as_str()).unwrap();
        let builder = match mood {
            // Without objects nothing answers.
            Mood::Silent => builder,
            _ => builder
                .serve_at("/org/freedesktop/secrets", Service(state.clone()))
                .and_then(|builder| builder.serve_at(COLLECTION, Collection(state.clone())))
                .and_then(|builder| builder.serve_at(ITEM, Item(state.clone())))
                .and_then(|builder| builder.serve_at(SECOND_ITEM, Item(state.clone())))
                .and_then(|builder| builder.serve_at(PROMPT, Prompt(state)))
                .unwrap(),
        };
        let connection = builder.name("org.freedesktop.secrets").unwrap().build().unwrap();
        Mock { _connection: connection, calls }
    }

    /// How often it was asked for something.
    pub fn count(&self, call: &str) -> usize {
        self.calls.lock().unwrap().iter().filter(|made| **made == call).count()
    }
}

const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const ITEM: &str = "/org/freedesktop/secrets/collection/login/1";
const SECOND_ITEM: &str = "/org/freedesktop/secrets/collection/login/2";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/1";

// The service's public key is 1, so that whatever the caller's key is, the session's key is HKDF-SHA256 of 127 zeros and a
// one. Under that key and a vector of zeros, AES-128-CBC makes of "another text", of the bytes ff fe fd, and of nothing:
const OTHER_TEXT: [u8; 16] = 0x932f_e147_9284_b1ee_1aac_1135_d15b_63d8_u128.to_be_bytes();
const NO_TEXT: [u8; 16] = 0xfd66_b41b_4ab7_7eed_cc2f_756e_4e1e_af6e_u128.to_be_bytes();
const EMPTY: [u8; 16] = 0xf55b_4099_550c_68cf_9d36_5231_e46a_9a60_u128.to_be_bytes();

#[derive(Clone)]
struct State {
    mood: Mood,
    calls: Arc<Mutex<Vec<&'static str>>>,
}

impl State {
    fn note(&self, call: &'static str) -> Mood {
        self.calls.lock().unwrap().push(call);
        self.mood
    }

    fn is_locked(&self) -> bool {
        matches!(self.mood, Mood::PromptWithoutEnd | Mood::PromptDismissed)
    }
}

/// Session, parameters, value, content type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

fn path(path: &str) -> OwnedObjectPath {
    ObjectPath::try_from(path).unwrap().into()
}

fn refused<T>() -> fdo::Result<T> {
    Err(fdo::Error::AccessDenied("not today".to_owned()))
}

struct Service(State);

#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn open_session(&self, _algorithm: &str, _input: Value<'_>) -> fdo::Result<(OwnedValue, OwnedObjectPath)> {
        match self.0.note("OpenSession") {
            Mood::RefusesSessions => refused(),
            _ => Ok((Value::from(vec![1_u8]).try_into().unwrap(), path("/org/freedesktop/secrets/session/1"))),
        }
    }

    async fn search_items(
        &self,
        _attributes: HashMap<String, String>,
    ) -> fdo::Result<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>)> {
        match self.0.note("SearchItems") {
            Mood::SilentWhenSearched => pending().await,
            Mood::RefusesSearches => refused(),
            Mood::Two => Ok((vec![path(ITEM), path(SECOND_ITEM)], vec![])),
            _ if self.0.is_locked() => Ok((vec![], vec![path(ITEM)])),
            _ => Ok((vec![path(ITEM)], vec![])),
        }
    }

    fn unlock(&self, _objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        self.0.note("Unlock");
        (vec![], path(PROMPT))
    }

    fn read_alias(&self, _name: &str) -> OwnedObjectPath {
        self.0.note("ReadAlias");
        path(COLLECTION)
    }

    fn create_collection(
        &self,
        _properties: HashMap<String, OwnedValue>,
        _alias: &str,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        self.0.note("CreateCollection");
        (path(COLLECTION), path("/"))
    }
}

struct Collection(State);

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    #[zbus(property)]
    fn locked(&self) -> bool {
        self.0.is_locked()
    }

    fn create_item(
        &self,
        _properties: HashMap<String, OwnedValue>,
        _secret: Secret,
        _replace: bool,
    ) -> fdo::Result<(OwnedObjectPath, OwnedObjectPath)> {
        self.0.note("CreateItem");
        Ok((path(ITEM), path("/")))
    }
}

struct Item(State);

#[interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    #[zbus(property)]
    fn locked(&self) -> bool {
        self.0.is_locked()
    }

    async fn get_secret(&self, session: OwnedObjectPath) -> fdo::Result<Secret> {
        let value = match self.0.note("GetSecret") {
            Mood::SilentWhenRead => pending().await,
            Mood::RefusesItems => return refused(),
            Mood::ItemGone => return Err(fdo::Error::UnknownObject("gone".to_owned())),
            Mood::NoText => NO_TEXT.to_vec(),
            Mood::Empty => EMPTY.to_vec(),
            Mood::Garbled => vec![7; 16],
            Mood::Truncated => OTHER_TEXT[..9].to_vec(),
            _ => OTHER_TEXT.to_vec(),
        };
        let vector = if self.0.mood == Mood::NoVector { vec![] } else { vec![0; 16] };
        Ok((session, vector, value, "text/plain".to_owned()))
    }

    fn set_secret(&self, _secret: Secret) -> fdo::Result<()> {
        match self.0.note("SetSecret") {
            Mood::RefusesItems => refused(),
            _ => Ok(()),
        }
    }

    fn delete(&self) -> fdo::Result<OwnedObjectPath> {
        match self.0.note("Delete") {
            Mood::RefusesItems => refused(),
            _ => Ok(path("/")),
        }
    }
}

struct Prompt(State);

#[interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(&self, _window: &str, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) -> fdo::Result<()> {
        if self.0.note("Prompt") == Mood::PromptDismissed {
            Self::completed(&emitter, true, Value::from("")).await?;
        }
        Ok(())
    }

    #[zbus(signal)]
    async fn completed(emitter: &SignalEmitter<'_>, dismissed: bool, result: Value<'_>) -> zbus::Result<()>;
}
