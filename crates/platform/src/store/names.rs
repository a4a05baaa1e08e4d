//! The names of backups and conflict copies: what they are is told without opening them.

use std::path::Path;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};
use warifu_session::{
    otp::UnixTime,
    ports::{Backup, BackupPlace},
};

/// The end of every vault file's name.
const EXTENSION: &str = ".warifu";
/// What could not be merged.
pub(super) const CONFLICT: &str = "conflict";
/// What was in the way of a restored vault.
pub(super) const ASIDE: &str = "aside";

/// What the names of a vault's backups begin with: its own without the extension.
pub(super) fn stem_of(vault: &Path) -> String {
    vault.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The backup of a revision taken at a time: `vault-20260731-235959-r12-0123456789abcdef.warifu`, in UTC.
pub(super) fn backup(
    stem: &str,
    place: BackupPlace,
    taken_at: UnixTime,
    revision: u64,
    digest_start: [u8; 8],
) -> Backup {
    let (taken_at, stamp) = stamp(taken_at);
    let digest = u64::from_be_bytes(digest_start);
    let name = format!("{stem}-{stamp}-r{revision}-{digest:016x}{EXTENSION}");
    Backup { name, place, taken_at, revision, digest_start }
}

/// What a name holds of a file's digest.
pub(super) fn digest_start(digest: &[u8; 32]) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = *digest;
    [a, b, c, d, e, f, g, h]
}

/// Reads the name of a backup of the vault with this stem. Strict: a name has one spelling.
pub(super) fn parse(stem: &str, place: BackupPlace, name: &str) -> Option<Backup> {
    let rest = name.strip_prefix(stem)?.strip_prefix('-')?.strip_suffix(EXTENSION)?;
    let mut parts = rest.split('-');
    let (date, time) = (parts.next()?, parts.next()?);
    let revision = parts.next()?.strip_prefix('r')?.parse().ok()?;
    let digest = u64::from_str_radix(parts.next()?, 16).ok()?;
    let taken_at = parse_stamp(date, time)?;
    let read = backup(stem, place, taken_at, revision, digest.to_be_bytes());
    (read.name == name).then_some(read)
}

/// The moment that the name of a backup tells, whatever its vault was called; nothing unless the name tells the truth about
/// revision and digest.
pub(super) fn date_of(name: &str, revision: u64, digest: &[u8; 32]) -> Option<UnixTime> {
    let stem = name.rsplitn(5, '-').nth(4)?;
    let told = parse(stem, BackupPlace::Beside, name)?;
    (told.revision == revision && told.digest_start == digest_start(digest)).then_some(told.taken_at)
}

/// The names that a copy of a vault beside it may get at a time, `kind` being [`CONFLICT`] or [`ASIDE`]: the first one that
/// is free is right. More than a hundred a second are not made.
pub(super) fn beside(stem: &str, kind: &str, at: UnixTime) -> impl Iterator<Item = String> {
    let start = format!("{stem}-{kind}-{}", stamp(at).1);
    (1..=100).map(move |number| match number {
        1 => format!("{start}{EXTENSION}"),
        more => format!("{start}-{more}{EXTENSION}"),
    })
}

/// Whether a name is one that [`beside`] makes.
pub(super) fn is_beside(stem: &str, name: &str) -> bool {
    let kind = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
    kind.is_some_and(|kind| [CONFLICT, ASIDE].iter().any(|known| kind.starts_with(known)) && kind.ends_with(EXTENSION))
}

/// The calendar of a moment. A clock that shows no year of four digits shows 1970 here.
pub(super) fn calendar(at: UnixTime) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_secs())
        .ok()
        .filter(|moment| (0..=9999).contains(&moment.year()))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn stamp(at: UnixTime) -> (UnixTime, String) {
    let moment = calendar(at);
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second) = moment.to_hms();
    let text = format!("{year:04}{:02}{day:02}-{hour:02}{minute:02}{second:02}", u8::from(month));
    (UnixTime::from_secs(moment.unix_timestamp()), text)
}

fn parse_stamp(date: &str, time: &str) -> Option<UnixTime> {
    let number = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let small = |text: &str, from: usize, to: usize| u8::try_from(number(text, from, to)?).ok();
    let month = Month::try_from(small(date, 4, 6)?).ok()?;
    let day = Date::from_calendar_date(number(date, 0, 4)?.into(), month, small(date, 6, 8)?).ok()?;
    let hour = Time::from_hms(small(time, 0, 2)?, small(time, 2, 4)?, small(time, 4, 6)?).ok()?;
    Some(UnixTime::from_secs(PrimitiveDateTime::new(day, hour).assume_utc().unix_timestamp()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(seconds: i64) -> UnixTime {
        UnixTime::from_secs(seconds)
    }

    #[test]
    fn a_name_tells_date_revision_and_digest_and_is_read_back() {
        let made = backup("my vault", BackupPlace::Beside, at(1_700_000_000), 12, [1, 2, 3, 4, 5, 6, 7, 0xff]);
        assert_eq!(made.name, "my vault-20231114-221320-r12-01020304050607ff.warifu");
        assert_eq!(parse("my vault", BackupPlace::Beside, &made.name), Some(made));
        for (seconds, stamp) in
            [(0, "19700101-000000"), (951_782_399, "20000228-235959"), (253_402_300_799, "99991231-235959")]
        {
            let made = backup("v", BackupPlace::Second, at(seconds), u64::MAX, [0; 8]);
            assert!(made.name.contains(stamp), "{}", made.name);
            assert_eq!(parse("v", BackupPlace::Second, &made.name), Some(made));
        }
    }

    #[test]
    fn a_clock_out_of_its_mind_still_gives_a_name_that_can_be_read() {
        for seconds in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
            let made = backup("v", BackupPlace::Beside, at(seconds), 1, [0; 8]);
            assert!(made.name.starts_with("v-19700101-000000-r1-"), "{}", made.name);
            assert_eq!(parse("v", BackupPlace::Beside, &made.name), Some(made));
        }
    }

    #[test]
    fn what_is_not_exactly_such_a_name_is_no_backup() {
        let right = "vault-20231114-221320-r12-01020304050607ff.warifu";
        assert!(parse("vault", BackupPlace::Beside, right).is_some());
        for wrong in [
            "vault.warifu",
            "vault-2-20231114-221320-r12-01020304050607ff.warifu",
            "vault-20231314-221320-r12-01020304050607ff.warifu",
            "vault-20230229-221320-r12-01020304050607ff.warifu",
            "vault-20231114-241320-r12-01020304050607ff.warifu",
            "vault-20231114-221320-r012-01020304050607ff.warifu",
            "vault-20231114-221320-r+12-01020304050607ff.warifu",
            "vault-20231114-221320-r12-01020304050607FF.warifu",
            "vault-20231114-221320-r12-1020304050607ff.warifu",
            "vault-20231114-221320-r12-01020304050607ff.warifu.part",
            "vault-２0231114-221320-r12-01020304050607ff.warifu",
            "../vault-20231114-221320-r12-01020304050607ff.warifu",
            "vault-20231114-221320-r12-01020304050607ff-x.warifu",
        ] {
            assert_eq!(parse("vault", BackupPlace::Beside, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_copy_beside_the_vault_is_no_backup() {
        let names: Vec<String> = beside("vault", CONFLICT, at(1_700_000_000)).take(2).collect();
        assert_eq!(names, ["vault-conflict-20231114-221320.warifu", "vault-conflict-20231114-221320-2.warifu"]);
        let aside = beside("vault", ASIDE, at(1_700_000_000)).take(1);
        for name in names.into_iter().chain(aside) {
            assert!(is_beside("vault", &name) && parse("vault", BackupPlace::Beside, &name).is_none());
        }
    }
}
