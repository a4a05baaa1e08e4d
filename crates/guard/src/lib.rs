//! Secrets in memory.
//!
//! **Key material lives in locked pages outside of dumps; secrets are sealed but for the moment of use; what was in use is wiped when
//! it is let go, by us or by the libraries we call.** It holds as far as the system lets it: a page that cannot be locked is used all
//! the same and counted ([`unlocked_pages`]), since codes are worth more than a promise about swap.
//!
//! - [`LockedKey`]: 32 bytes in a page that is shared with other keys, locked in memory and left out of core files.
//! - [`SealedBytes`]: bytes encrypted under a key of this very process, opened into a buffer that is wiped.
//! - [`WipingAllocator`]: the heap of our programs. [`wipe_freed_c_memory`]: that of the C libraries within them.
//! - [`on_clean_stack`]: runs something and wipes the part of the stack it ran on.
//! - [`keep_out_of_dumps`]: no core file, no other program of the same person looking in.
//!
//! Deliberately absent: any protection against whoever may read the memory of a process while it is unlocked (root, a debugger that
//! started it): the key that seals the secrets is in the same memory. What is gained is that secrets are in few places for short
//! moments, not in swap, not in core files, and nowhere once they have been dropped.
//!
//! ```
//! use warifu_guard::SealedBytes;
//! use zeroize::Zeroizing;
//!
//! let sealed = SealedBytes::seal(Zeroizing::new(b"12345678901234567890".to_vec()));
//! assert_eq!(*sealed.open(), *b"12345678901234567890");
//! ```

mod dumps;
mod heap;
mod locked;
mod sealed;
mod stack;

pub use dumps::keep_out_of_dumps;
pub use heap::{WIPING_ALLOCATOR, WipingAllocator, wipe_freed_c_memory};
pub use locked::{KEY_LEN, LockedKey, unlocked_pages};
pub use sealed::{Opened, SealedBytes};
pub use stack::on_clean_stack;
