//! The two clocks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use warifu_session::ports::Clock;

/// The clocks of this machine.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // The one place that may ask.
    fn wall_ms(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        }
    }

    #[cfg(target_os = "linux")]
    fn boot(&self) -> Duration {
        // CLOCK_BOOTTIME counts suspend: a laptop closed overnight is locked when it opens.
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or_default())
    }

    #[cfg(not(target_os = "linux"))]
    #[allow(clippy::disallowed_methods)] // The one place that may ask.
    fn boot(&self) -> Duration {
        // Elsewhere the monotonic clock may stop while the machine sleeps (macOS). Between two calls the larger step of the
        // two clocks is counted: sleep shows on the wall clock, and a wall clock set back takes nothing away.
        use std::sync::{Mutex, PoisonError};
        use std::time::Instant;
        static LAST: Mutex<Option<(Instant, SystemTime, Duration)>> = Mutex::new(None);
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        let (instant, wall) = (Instant::now(), SystemTime::now());
        let total = last.map_or(Duration::ZERO, |(last_instant, last_wall, total)| {
            let step = instant.duration_since(last_instant).max(wall.duration_since(last_wall).unwrap_or_default());
            total.saturating_add(step)
        });
        *last = Some((instant, wall, total));
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clocks_go_forward() {
        let (wall, boot) = (SystemClock.wall_ms(), SystemClock.boot());
        std::thread::sleep(Duration::from_millis(20));
        assert!(SystemClock.boot() > boot);
        assert!(SystemClock.wall_ms() > wall);
        // 2020-01-01: a machine before that has no clock at all.
        assert!(wall > 1_577_836_800_000);
    }
}
