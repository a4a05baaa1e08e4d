use std::time::Duration;

use super::{KdfParams, SALT_LEN, derive_key};
use crate::error::SealError;
use crate::password::Password;

/// What opening a new slot shall take, and what is enough: long for someone who guesses, bearable for the owner.
const TARGET: Duration = Duration::from_millis(750);
const ENOUGH: Duration = Duration::from_millis(500);

/// Memory is what makes guessing dear, but it must be there at each unlock, also on a small machine with a full
/// browser.
const MOST_MEMORY_KIB: u32 = 256 * 1024;

impl KdfParams {
    /// Parameters for new slots that take 0.5 to 1 s on this machine, and never less than [`KdfParams::DEFAULT_FLOOR`],
    /// however long that takes.
    ///
    /// `measure` runs the derivation once with the parameters given ([`run_once`](Self::run_once)) and says how long it
    /// took; it is asked once. Zero, from a clock that stands still, leaves the floor.
    pub fn calibrate(measure: &mut dyn FnMut(Self) -> Duration) -> Self {
        let mut params = Self::DEFAULT_FLOOR;
        let mut predicted = measure(params);
        if predicted.is_zero() || predicted >= ENOUGH {
            return params;
        }
        // Time grows with memory times passes, so what follows needs no further measurement.
        while params.memory_kib < MOST_MEMORY_KIB && predicted * 2 <= TARGET {
            params.memory_kib *= 2;
            predicted *= 2;
        }
        let passes = TARGET.as_nanos() * u128::from(params.time_cost) / predicted.as_nanos();
        let most = Self::MAXIMUM.time_cost;
        params.time_cost = u32::try_from(passes).unwrap_or(most).clamp(params.time_cost, most);
        params
    }

    /// Derives a key that nobody uses, for [`calibrate`](Self::calibrate) to be timed.
    ///
    /// # Errors
    /// [`SealError::OutOfMemory`].
    pub fn run_once(self) -> Result<(), SealError> {
        let password = Password::new("calibration".to_owned()).map_err(|_| SealError::Internal)?;
        derive_key(&password, self, &[0; SALT_LEN])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parameters chosen on a machine that takes so long for the floor, and what they then take.
    fn chosen(floor: Duration) -> (KdfParams, Duration) {
        let mut asked = 0;
        let params = KdfParams::calibrate(&mut |params| {
            asked += 1;
            assert_eq!(params, KdfParams::DEFAULT_FLOOR);
            floor
        });
        assert_eq!(asked, 1);
        let work = |params: KdfParams| params.memory_kib * params.time_cost;
        (params, floor * work(params) / work(KdfParams::DEFAULT_FLOOR))
    }

    #[test]
    fn new_slots_take_half_a_second_to_one_on_any_machine_that_can() {
        // A machine 20 times as fast as that of 2026 still takes half a second.
        for floor_ms in 24..500 {
            let (params, takes) = chosen(Duration::from_millis(floor_ms));
            let bearable = Duration::from_millis(500)..=Duration::from_secs(1);
            assert!(bearable.contains(&takes), "{floor_ms} ms: {params:?} takes {takes:?}");
        }
    }

    #[test]
    fn the_floor_holds_on_slow_machines_and_with_a_clock_that_stands() {
        for floor_ms in [0, 500, 5_000, 500_000] {
            assert_eq!(chosen(Duration::from_millis(floor_ms)).0, KdfParams::DEFAULT_FLOOR, "{floor_ms} ms");
        }
    }

    #[test]
    fn the_bounds_hold_on_machines_yet_to_be_built() {
        let (params, _) = chosen(Duration::from_nanos(1));
        assert_eq!((params.memory_kib, params.time_cost), (MOST_MEMORY_KIB, KdfParams::MAXIMUM.time_cost));
    }
}
