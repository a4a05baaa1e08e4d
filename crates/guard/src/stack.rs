//! The stack, which nobody frees.

use std::hint::black_box;

/// How much of the stack is wiped. Deeper than any of our work goes (measured: the key derivation, 20 KiB; JSON at its depth limit of
/// a debug build, some 100 KiB), shallow beside the 2 MiB of a thread.
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
