//! Argon2id (RFC 9106) and the bounds inside which it is ever run.

mod calibrate;

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::crypto::{Key, PrimitiveFailed};
use crate::error::{SealError, UnlockError};
use crate::password::Password;

pub(crate) const SALT_LEN: usize = 16;
pub(crate) const ALGORITHM: &str = "argon2id";
/// Argon2 version 1.3, as RFC 9106 has it.
pub(crate) const VERSION: u32 = 0x13;

/// How much work Argon2id does. Always within the bounds of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KdfParams {
    memory_kib: u32,
    time_cost: u32,
    lanes: u32,
}

/// One of Argon2id's three parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KdfParameter {
    /// Memory, in KiB.
    MemoryKib,
    /// Passes over the memory.
    TimeCost,
    /// Lanes. Counted as sequential work: this crate starts no threads.
    Lanes,
}

/// A parameter lies outside the bounds; the derivation was not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KdfBoundsError {
    /// So much work that it could be meant to exhaust the machine.
    #[error("{parameter:?} {required} exceeds {limit}")]
    ExcessiveWork {
        /// Which one.
        parameter: KdfParameter,
        /// What the file or caller asks for.
        required: u64,
        /// The most accepted.
        limit: u32,
    },
    /// So little work that guessing would be cheap.
    #[error("{parameter:?} {found} is below {minimum}")]
    TooWeak {
        /// Which one.
        parameter: KdfParameter,
        /// What the file or caller asks for.
        found: u64,
        /// The least accepted.
        minimum: u32,
    },
}

impl KdfParams {
    /// The weakest accepted: 19 MiB (the least OWASP recommends), 1 pass, 1 lane.
    pub const MINIMUM: Self = Self { memory_kib: 19 * 1024, time_cost: 1, lanes: 1 };
    /// The strongest accepted: 1 GiB, 16 passes, 8 lanes; some tens of seconds on a slow machine.
    pub const MAXIMUM: Self = Self { memory_kib: 1024 * 1024, time_cost: 16, lanes: 8 };
    /// What new slots never go below: 64 MiB, 3 passes (RFC 9106's second choice with one lane).
    pub const DEFAULT_FLOOR: Self = Self { memory_kib: 64 * 1024, time_cost: 3, lanes: 1 };

    /// Checks the bounds. `memory_kib` is in KiB.
    ///
    /// # Errors
    /// When a parameter lies outside [`KdfParams::MINIMUM`]..=[`KdfParams::MAXIMUM`].
    pub fn new(memory_kib: u64, time_cost: u64, lanes: u64) -> Result<Self, KdfBoundsError> {
        let (min, max) = (Self::MINIMUM, Self::MAXIMUM);
        Ok(Self {
            memory_kib: check(KdfParameter::MemoryKib, memory_kib, min.memory_kib, max.memory_kib)?,
            time_cost: check(KdfParameter::TimeCost, time_cost, min.time_cost, max.time_cost)?,
            lanes: check(KdfParameter::Lanes, lanes, min.lanes, max.lanes)?,
        })
    }

    /// Memory in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn time_cost(self) -> u32 {
        self.time_cost
    }

    /// Lanes.
    pub const fn lanes(self) -> u32 {
        self.lanes
    }

    /// Whether any parameter is below that of `floor`.
    pub fn is_weaker_than(self, floor: Self) -> bool {
        self.at_least(floor) != self
    }

    /// The larger of the two, each parameter by itself.
    #[must_use]
    pub fn at_least(self, floor: Self) -> Self {
        Self {
            memory_kib: self.memory_kib.max(floor.memory_kib),
            time_cost: self.time_cost.max(floor.time_cost),
            lanes: self.lanes.max(floor.lanes),
        }
    }
}

fn check(parameter: KdfParameter, value: u64, minimum: u32, limit: u32) -> Result<u32, KdfBoundsError> {
    match u32::try_from(value) {
        Ok(value) if value < minimum => Err(KdfBoundsError::TooWeak { parameter, found: value.into(), minimum }),
        Ok(value) if value <= limit => Ok(value),
        _ => Err(KdfBoundsError::ExcessiveWork { parameter, required: value, limit }),
    }
}

/// Why no key came out.
#[derive(Debug)]
pub(crate) enum DeriveError {
    OutOfMemory { memory_kib: u32 },
    Failed,
}

impl From<PrimitiveFailed> for DeriveError {
    fn from(_: PrimitiveFailed) -> Self {
        Self::Failed
    }
}

impl From<DeriveError> for UnlockError {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::OutOfMemory { memory_kib } => Self::OutOfMemory { memory_kib },
            DeriveError::Failed => Self::Internal,
        }
    }
}

impl From<DeriveError> for SealError {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::OutOfMemory { memory_kib } => Self::OutOfMemory { memory_kib },
            DeriveError::Failed => Self::Internal,
        }
    }
}

/// Derives a slot's key from the password. Slow on purpose; call it where waiting is allowed.
pub(crate) fn derive_key(password: &Password, params: KdfParams, salt: &[u8; SALT_LEN]) -> Result<Key, DeriveError> {
    #[cfg(test)]
    RUNS.with(|runs| runs.set(runs.get() + 1));
    let argon2_params =
        Params::new(params.memory_kib, params.time_cost, params.lanes, None).map_err(|_| DeriveError::Failed)?;
    let mut memory = Memory::allocate(argon2_params.block_count())
        .ok_or(DeriveError::OutOfMemory { memory_kib: params.memory_kib })?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, argon2_params);
    Key::try_fill(|out| {
        argon2.hash_password_into_with_memory(password.expose_bytes(), salt, out, memory.0.as_mut_slice())
    })
    .map_err(|_| DeriveError::Failed)
}

/// Argon2's working memory. The library frees its own without wiping it, and the last blocks are
/// enough to compute the key, so we bring ours.
struct Memory(Vec<Block>);

impl Memory {
    fn allocate(blocks: usize) -> Option<Self> {
        let mut memory = Vec::new();
        memory.try_reserve_exact(blocks).ok()?;
        memory.resize(blocks, Block::default());
        Some(Self(memory))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // A plain fill runs at memory speed where volatile writes of a gigabyte would not;
        // the black box keeps the compiler from leaving it out.
        self.0.fill(Block::default());
        std::hint::black_box(&self.0);
    }
}

#[cfg(test)]
std::thread_local! {
    /// How often this thread has run the derivation: lets a test show that none was run.
    pub(crate) static RUNS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_ends_of_the_bounds_are_accepted_and_no_step_beyond() {
        for (accepted, memory, time, lanes) in [
            (true, 19 * 1024, 1, 1),
            (true, 1024 * 1024, 16, 8),
            (false, 19 * 1024 - 1, 1, 1),
            (false, 1024 * 1024 + 1, 1, 1),
            (false, 65536, 0, 1),
            (false, 65536, 17, 1),
            (false, 65536, 1, 0),
            (false, 65536, 1, 9),
        ] {
            assert_eq!(KdfParams::new(memory, time, lanes).is_ok(), accepted, "{memory} {time} {lanes}");
        }
    }

    #[test]
    fn an_excess_names_what_was_asked_and_what_is_allowed() {
        assert_eq!(
            KdfParams::new(1 << 32, 1, 1).unwrap_err(),
            KdfBoundsError::ExcessiveWork { parameter: KdfParameter::MemoryKib, required: 1 << 32, limit: 1 << 20 }
        );
    }

    #[test]
    fn the_floor_for_new_slots_is_within_the_bounds() {
        let floor = KdfParams::DEFAULT_FLOOR;
        assert_eq!(KdfParams::new(floor.memory_kib.into(), floor.time_cost.into(), floor.lanes.into()), Ok(floor));
    }
}
