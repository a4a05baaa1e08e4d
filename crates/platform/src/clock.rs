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
        // Elsewhere the monotonic clock may stop while the machine sleeps (macOS). What the wall clock has gained beyond it
        // is counted too; what it has lost is not.
        use std::sync::OnceLock;
        use std::time::Instant;
        static START: OnceLock<(Instant, SystemTime)> = OnceLock::new();
        let (instant, system) = START.get_or_init(|| (Instant::now(), SystemTime::now()));
        instant.elapsed().max(system.elapsed().unwrap_or_default())
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
