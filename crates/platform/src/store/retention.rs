//! Which backups stay.

use std::collections::BTreeSet;

use warifu_session::ports::Backup;

use super::names::calendar;

/// The newest so many stay,
const NEWEST: usize = 10;
/// and the newest of each of so many days,
const DAYS: usize = 7;
/// and the newest of each of so many ISO weeks.
const WEEKS: usize = 4;

/// Which of the backups of one folder are no longer needed, oldest revision first.
///
/// Days and weeks are those that have backups, never those before today, and "newest" goes both by revision and by date:
/// what is kept by either order stays. In ordinary life the two agree. They part when the clock was wrong, or when another
/// vault's file was put in the vault's place: neither may cost the backups that are needed then.
pub(super) fn superseded(backups: &[Backup]) -> Vec<&Backup> {
    let mut by_revision: Vec<&Backup> = backups.iter().collect();
    by_revision.sort_by_key(|backup| (backup.revision, backup.taken_at.as_secs(), &backup.name));
    let mut by_date = by_revision.clone();
    by_date.sort_by_key(|backup| (backup.taken_at.as_secs(), backup.revision));
    let mut kept = kept(&by_revision);
    kept.extend(self::kept(&by_date));
    by_revision.retain(|backup| !kept.contains(backup.name.as_str()));
    by_revision
}

/// The names that stay, of backups in an order, the newest last.
fn kept<'b>(backups: &[&'b Backup]) -> BTreeSet<&'b str> {
    let (mut days, mut weeks) = (BTreeSet::new(), BTreeSet::new());
    let newest_first = backups.iter().rev().enumerate();
    let stays = newest_first.filter(|(age, backup)| {
        let moment = calendar(backup.taken_at);
        let (year, week, _) = moment.to_iso_week_date();
        // Each asked, since each counts what it sees.
        let of_a_day = days.len() < DAYS && days.insert(moment.date());
        let of_a_week = weeks.len() < WEEKS && weeks.insert((year, week));
        *age < NEWEST || of_a_day || of_a_week
    });
    stays.map(|(_, backup)| backup.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use warifu_session::{otp::UnixTime, ports::BackupPlace};

    use super::*;
    use crate::store::names;

    const DAY: i64 = 24 * 60 * 60;
    /// A Thursday, 2026-01-01 12:00:00 UTC.
    const NOON: i64 = 1_767_268_800;

    /// Backups at these moments, revision 1 being the first.
    fn taken(at: impl IntoIterator<Item = i64>) -> Vec<Backup> {
        let numbered = at.into_iter().zip(1..);
        numbered
            .map(|(at, n)| names::backup("v", BackupPlace::Beside, UnixTime::from_secs(at), n, n.to_be_bytes()))
            .collect()
    }

    fn kept_revisions(backups: &[Backup]) -> Vec<u64> {
        let gone: Vec<u64> = superseded(backups).iter().map(|backup| backup.revision).collect();
        assert!(gone.is_sorted(), "{gone:?}");
        backups.iter().map(|backup| backup.revision).filter(|revision| !gone.contains(revision)).collect()
    }

    #[test]
    fn the_rule_told_by_examples() {
        let none: [u64; 0] = [];
        for (what, at, kept) in [
            ("nothing", vec![], none.to_vec()),
            ("ten in a minute", (0..10).collect(), (1..=10).collect()),
            ("fifty in a minute: the newest ten", (0..50).collect(), (41..=50).collect()),
            (
                // Days 94..100 for the week, 91..100 as the newest; Sundays 2026-03-22, 29 and 04-05 are revisions 81, 88, 95.
                "one a day for a hundred days: ten, and the ends of earlier weeks",
                (0..100).map(|day| NOON + day * DAY).collect(),
                vec![81, 88, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100],
            ),
            (
                // 300 saves on each of 3 days: ends of the two earlier days, and ten of the last.
                "many a day: the last of each day",
                (0..900).map(|n| NOON + (n / 300) * DAY + n % 300).collect(),
                [vec![300, 600], (891..=900).collect()].concat(),
            ),
            (
                // One save every tenth week, whatever the calendar says of today.
                "long pauses: never pruned by age",
                (0..10).map(|n| NOON + n * 70 * DAY).collect(),
                (1..=10).collect(),
            ),
            (
                // The week around New Year is one: 2025-12-29 to 2026-01-04 (ISO 2026-W01).
                "weeks are ISO weeks",
                [vec![NOON - 3 * DAY, NOON - 2 * DAY], (0..20).map(|n| NOON + 14 * DAY + n).collect()].concat(),
                [vec![1, 2], (13..=22).collect()].concat(),
            ),
        ] {
            assert_eq!(kept_revisions(&taken(at)), kept, "{what}");
        }
    }

    #[test]
    fn at_most_ten_seven_and_four_are_kept_and_the_newest_always() {
        // Saves at odd times for two years, looked at after each.
        let mut backups: Vec<Backup> = Vec::new();
        let mut at = NOON;
        for n in 1..=2000_u64 {
            at += i64::try_from(n * 7919 % 97).unwrap() * 700;
            backups.push(names::backup("v", BackupPlace::Beside, UnixTime::from_secs(at), n, n.to_be_bytes()));
            let gone: BTreeSet<u64> = superseded(&backups).iter().map(|backup| backup.revision).collect();
            backups.retain(|backup| !gone.contains(&backup.revision));
            assert!(backups.len() <= NEWEST + DAYS + WEEKS);
            assert_eq!(backups.last().unwrap().revision, n);
            assert!(n < 10 || backups.len() >= NEWEST);
        }
        let days: BTreeSet<_> = backups.iter().map(|backup| calendar(backup.taken_at).date()).collect();
        assert!(days.len() >= DAYS);
    }

    #[test]
    fn a_clock_set_back_to_1970_costs_neither_the_old_backups_nor_the_new_ones() {
        // A hundred days, then a flat battery.
        let backups = taken((0..100).map(|day| NOON + day * DAY).chain((0..20).map(|n| n * 60)));
        let kept = kept_revisions(&backups);
        assert!((111..=120).all(|revision| kept.contains(&revision)), "{kept:?}");
        assert!((91..=100).all(|revision| kept.contains(&revision)), "{kept:?}");
    }

    #[test]
    fn a_clock_that_was_ahead_for_a_day_costs_nothing_newer() {
        let ahead = NOON + 36_500 * DAY;
        let backups = taken((0..20).map(|n| ahead + n).chain((0..20).map(|n| NOON + n * 60)));
        let kept = kept_revisions(&backups);
        assert!((31..=40).all(|revision| kept.contains(&revision)), "{kept:?}");
    }

    #[test]
    fn another_vaults_higher_revisions_do_not_push_out_ours() {
        let mut backups = taken((0..15).map(|n| NOON + 5000 + n));
        let theirs = (500..540).map(|n: u64| {
            let at = UnixTime::from_secs(NOON + i64::try_from(n).unwrap());
            names::backup("v", BackupPlace::Beside, at, n, n.to_be_bytes())
        });
        backups.extend(theirs);
        let kept = kept_revisions(&backups);
        assert!((6..=15).all(|revision| kept.contains(&revision)), "{kept:?}");
    }
}
