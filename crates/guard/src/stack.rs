//! The stack, which nobody frees.

use std::hint::black_box;

/// How much of the stack is wiped. Deeper than any of our work goes (measured, without optimisation: unlocking and saving 80 KiB, reading
/// a picture 96 KiB, rating a password 148 KiB), shallow beside the 2 MiB of a thread.
const DEPTH: usize = 256 * 1024;

/// Runs something and wipes the part of the stack it ran on: ciphers and hashes leave their working state there, round keys among it,
/// and a thread that waits for work keeps it for as long as it waits.
pub fn on_clean_stack<T>(work: impl FnOnce() -> T) -> T {
    let outcome = apart(work);
    wipe(DEPTH / BLOCK);
    outcome
}

const BLOCK: usize = 4096;

/// A frame of its own, so that all of `work` lies below this function's caller, where [`wipe`] goes over it.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

#[inline(never)]
fn wipe(blocks: usize) {
    let mut block = [0_u8; BLOCK];
    // Nobody may find out that the zeros are never read.
    black_box(&mut block);
    if blocks > 1 {
        wipe(blocks - 1);
    }
    // Not a tail call: each block has a place of its own.
    black_box(&mut block);
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs::File, os::unix::fs::FileExt, thread};

    use super::*;

    const SECRET_LEN: usize = 48;

    /// Each byte of what is left on the stack, without ever standing there in a row but where the work put it.
    fn secret_byte(index: usize) -> u8 {
        (index as u8).wrapping_mul(37) ^ black_box(0x5a)
    }

    /// Leaves a secret some way down the stack, as a cipher does.
    #[inline(never)]
    fn leave_secret(depth: usize) {
        let mut block = [0_u8; BLOCK];
        if depth > 0 {
            leave_secret(depth - 1);
        } else {
            block.iter_mut().take(SECRET_LEN).enumerate().for_each(|(index, byte)| *byte = secret_byte(index));
        }
        black_box(&mut block);
    }

    /// Whether the secret is in the part of this thread's stack that is not in use.
    #[inline(never)]
    fn is_left() -> bool {
        let here = black_box(0_u8);
        let to = (&raw const here) as u64;
        let mut bytes = vec![0; 512 * 1024];
        let read = File::open("/proc/self/mem").unwrap().read_at(&mut bytes, to - 512 * 1024).unwrap();
        assert_eq!(read, bytes.len());
        bytes
            .windows(SECRET_LEN)
            .any(|window| window.iter().enumerate().all(|(index, byte)| *byte == secret_byte(index)))
    }

    #[test]
    fn what_work_left_on_the_stack_is_gone() {
        // Threads of their own, for a stack that nobody has used before.
        for depth in [0, 10, 40] {
            let plain = thread::spawn(move || {
                leave_secret(depth);
                is_left()
            });
            assert!(plain.join().unwrap(), "the control: without wiping it is left");
            let clean = thread::spawn(move || {
                on_clean_stack(|| leave_secret(depth));
                is_left()
            });
            assert!(!clean.join().unwrap(), "{depth} blocks down");
        }
    }
}
