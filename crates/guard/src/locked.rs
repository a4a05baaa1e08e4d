//! Keys in locked pages.

use std::{
    fmt,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use zeroize::Zeroize;

/// Bytes of a key.
pub const KEY_LEN: usize = 32;

/// Bytes of a slab: a page of most systems, and of those with the larger pages of ARM. What a person may lock is often no more than
/// 64 KiB in all, so that keys share.
const SLAB_LEN: usize = 16 * 1024;

/// A 256-bit key in a page that is locked in memory (never in swap) and left out of core files. Wiped when dropped; no `Clone`, a
/// redacted `Debug`, and one door.
///
/// It moves as a pointer does: no copy is left behind.
pub struct LockedKey(
    /// Taken out by `drop` alone.
    Option<&'static mut Place>,
);

type Place = [u8; KEY_LEN];

impl LockedKey {
    /// Fills a key in place.
    ///
    /// # Errors
    /// Those of `fill`.
    pub fn try_fill<E>(fill: impl FnOnce(&mut [u8; KEY_LEN]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self(Some(take_place()));
        if let Some(place) = &mut key.0 {
            fill(place)?;
        }
        Ok(key)
    }

    /// The bytes.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; KEY_LEN] {
        const NONE: Place = [0; KEY_LEN];
        match &self.0 {
            Some(place) => place,
            None => &NONE,
        }
    }
}

impl Drop for LockedKey {
    fn drop(&mut self) {
        if let Some(place) = self.0.take() {
            place.zeroize();
            FREE.lock().unwrap_or_else(PoisonError::into_inner).push(place);
        }
    }
}

impl fmt::Debug for LockedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockedKey(…)")
    }
}

/// How many slabs of keys could not be locked or taken out of core files; 0 is as it should be. Usually the person's limit on locked
/// memory (`ulimit -l`) is the reason.
#[must_use]
pub fn unlocked_pages() -> usize {
    UNLOCKED.load(Ordering::Relaxed)
}

/// Places that hold no key at the moment, all zero. Slabs are never given back: a handful serves a whole vault.
static FREE: Mutex<Vec<&'static mut Place>> = Mutex::new(Vec::new());

static UNLOCKED: AtomicUsize = AtomicUsize::new(0);

/// Aligned as large pages are, so that nothing else lies within what is locked.
#[repr(C, align(16384))]
struct Slab([Place; SLAB_LEN / KEY_LEN]);

fn take_place() -> &'static mut Place {
    let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(place) = free.pop() {
        return place;
    }
    let slab = Box::leak(Box::new(Slab([[0; KEY_LEN]; SLAB_LEN / KEY_LEN])));
    if !is_kept(slab) {
        UNLOCKED.fetch_add(1, Ordering::Relaxed);
    }
    let [first, rest @ ..] = &mut slab.0;
    free.extend(rest.iter_mut());
    first
}

/// Locks a slab and takes it out of core files.
fn is_kept(slab: &mut Slab) -> bool {
    let locked = match region::lock(&raw const *slab, SLAB_LEN) {
        Ok(lock) => {
            // For as long as the slab, which is for ever.
            std::mem::forget(lock);
            true
        }
        Err(_) => false,
    };
    undumped(slab) && locked
}

#[cfg(target_os = "linux")]
#[allow(
    unsafe_code,
    reason = "rustix offers advice on memory as unsafe only, for some kinds of it change what is there"
)]
fn undumped(slab: &mut Slab) -> bool {
    use rustix::mm::{Advice, madvise};
    // SAFETY: the range is exactly `slab`, which lives for ever, and this advice changes nothing but what goes into a core file.
    unsafe { madvise((&raw mut *slab).cast(), SLAB_LEN, Advice::LinuxDontDump) }.is_ok()
}

/// macOS and Windows have no such mark; no core file is written in the first place (`keep_out_of_dumps`), but a dump that is asked for
/// holds the page.
#[cfg(not(target_os = "linux"))]
fn undumped(_: &mut Slab) -> bool {
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(byte: u8) -> LockedKey {
        LockedKey::try_fill(|bytes| {
            assert_eq!(*bytes, [0; KEY_LEN], "a place is handed out empty");
            bytes.fill(byte);
            Ok::<_, ()>(())
        })
        .unwrap()
    }

    #[test]
    fn a_place_is_wiped_before_it_is_used_again() {
        // More than one slab, and again.
        for _ in 0..2 {
            let keys: Vec<_> = (0..1200).map(|number| key(number as u8)).collect();
            assert!(keys.iter().enumerate().all(|(number, key)| *key.expose_bytes() == [number as u8; KEY_LEN]));
        }
    }

    #[test]
    fn a_key_that_cannot_be_made_leaves_nothing() {
        let failed = LockedKey::try_fill(|bytes| {
            bytes.fill(0xaa);
            Err("no")
        });
        assert_eq!(failed.unwrap_err(), "no");
        let free = FREE.lock().unwrap();
        assert!(free.iter().all(|place| **place == [0; KEY_LEN]));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", key(7)), "LockedKey(…)");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_page_of_a_key_is_locked_and_not_dumped() {
        let key = key(9);
        let address = key.expose_bytes().as_ptr() as u64;
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut inside = false;
        let flags = maps.lines().find_map(|line| {
            if let Some((from, to)) = line.split_once(' ').and_then(|(range, _)| range.split_once('-')) {
                let number = |text| u64::from_str_radix(text, 16).unwrap_or(0);
                inside = (number(from)..number(to)).contains(&address);
            }
            line.strip_prefix("VmFlags:").filter(|_| inside)
        });
        let flags: Vec<_> = flags.unwrap().split_ascii_whitespace().collect();
        assert_eq!(unlocked_pages(), 0);
        assert!(flags.contains(&"lo") && flags.contains(&"dd"), "{flags:?}");
    }
}
