//! A real disk on which one call goes wrong.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use crate::disk::{Disk, DiskFile, Facts, RealDisk};

/// The system's error for a full disk.
pub(super) const FULL: i32 = if cfg!(windows) { 112 } else { 28 };

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The call fails with this error of the system, and does nothing.
    Error(i32),
    /// The process ends before the call: neither this one nor any later one does anything.
    Death,
    /// A write takes half of what it is given, a read gives half of what it could.
    Short,
    /// A write gets one bit wrong.
    FlippedBit {
        /// Which one, counted through all the writer's bytes.
        bit: usize,
    },
}

/// Counts the calls and knows which one goes wrong.
#[derive(Default)]
pub(super) struct Plan {
    calls: AtomicUsize,
    /// The number of the call, from 0, and what goes wrong.
    fault: Mutex<Option<(usize, Fault)>>,
    dead: AtomicBool,
    /// Locks say that they are taken, and are not.
    locks_lie: AtomicBool,
    names: Mutex<Vec<&'static str>>,
    /// What happens in the world before the call of this number.
    meanwhile: Mutex<Option<(usize, Meanwhile)>>,
}

type Meanwhile = Box<dyn FnOnce() + Send>;

impl Plan {
    /// Nothing goes wrong; the calls are counted from 0 again.
    pub(super) fn reset(&self) {
        self.calls.store(0, SeqCst);
        self.names.lock().unwrap().clear();
        *self.fault.lock().unwrap() = None;
    }

    /// The `call`-th from now on goes wrong.
    pub(super) fn set(&self, call: usize, fault: Fault) {
        self.reset();
        *self.fault.lock().unwrap() = Some((call, fault));
    }

    pub(super) fn let_locks_lie(&self) {
        self.locks_lie.store(true, SeqCst);
    }

    /// Before the `call`-th from now on, something else happens.
    pub(super) fn interrupt(&self, call: usize, meanwhile: impl FnOnce() + Send + 'static) {
        self.reset();
        *self.meanwhile.lock().unwrap() = Some((call, Box::new(meanwhile)));
    }

    /// The names of the calls so far.
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.names.lock().unwrap().clone()
    }

    /// One more call. What goes wrong without ending it is returned.
    fn call(&self, name: &'static str) -> io::Result<Option<Fault>> {
        if self.dead.load(SeqCst) {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let number = self.calls.fetch_add(1, SeqCst);
        self.names.lock().unwrap().push(name);
        let meanwhile = self.meanwhile.lock().unwrap().take_if(|(at, _)| *at == number);
        if let Some((_, meanwhile)) = meanwhile {
            meanwhile();
        }
        match *self.fault.lock().unwrap() {
            Some((at, fault)) if at == number => match fault {
                Fault::Error(error) => Err(io::Error::from_raw_os_error(error)),
                Fault::Death => {
                    self.dead.store(true, SeqCst);
                    Err(io::ErrorKind::NotConnected.into())
                }
                other => Ok(Some(other)),
            },
            _ => Ok(None),
        }
    }
}

/// The disk.
pub(super) struct FaultyDisk(pub(super) Arc<Plan>);

impl FaultyDisk {
    fn file(&self, file: io::Result<Box<dyn DiskFile>>) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(FaultyFile { file: file?, plan: self.0.clone() }))
    }
}

impl Disk for FaultyDisk {
    fn facts(&self, path: &Path) -> io::Result<Facts> {
        self.0.call("facts")?;
        RealDisk.facts(path)
    }

    fn has_name(&self, path: &Path) -> bool {
        RealDisk.has_name(path)
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.0.call("real_path")?;
        RealDisk.real_path(path)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.0.call("names")?;
        RealDisk.names(folder)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.0.call("open")?;
        self.file(RealDisk.open(path))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.0.call("create")?;
        self.file(RealDisk.create(path))
    }

    fn open_lock(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.0.call("open_lock")?;
        self.file(RealDisk.open_lock(path))
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.0.call("make_folder")?;
        RealDisk.make_folder(folder)
    }

    fn make_private(&self, folder: &Path) -> io::Result<()> {
        self.0.call("make_private")?;
        RealDisk.make_private(folder)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.call("rename")?;
        RealDisk.rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.call("link")?;
        RealDisk.link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.call("remove")?;
        RealDisk.remove(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.0.call("sync_folder")?;
        // No test here cuts the power; waiting for the disk would only take time.
        folder.is_dir().then_some(()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

struct FaultyFile {
    file: Box<dyn DiskFile>,
    plan: Arc<Plan>,
}

impl Read for FaultyFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let half = buffer.len().div_ceil(2);
        match self.plan.call("read")? {
            Some(Fault::Short) => self.file.read(&mut buffer[..half]),
            _ => self.file.read(buffer),
        }
    }
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.plan.call("write")? {
            Some(Fault::Short) => self.file.write(&bytes[..bytes.len().div_ceil(2)]),
            Some(Fault::FlippedBit { bit }) => {
                let mut wrong = bytes.to_vec();
                let at = bit % (8 * wrong.len());
                wrong[at / 8] ^= 1 << (at % 8);
                self.file.write(&wrong)
            }
            _ => self.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl DiskFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.plan.call("sync")?;
        Ok(())
    }

    fn try_lock(&mut self) -> io::Result<bool> {
        self.plan.call("try_lock")?;
        if self.plan.locks_lie.load(SeqCst) { Ok(true) } else { self.file.try_lock() }
    }
}
