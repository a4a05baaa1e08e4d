//! V8 and S8: an older file in the vault's place, a damaged one, none.

use std::fs;

use super::{Row, bench::Bench};
use crate::workspace::Done;

/// So many older revisions are put in place.
const OLDER: usize = 10;

/// V8: each of ten older revisions put in place is noticed, and no ordinary save is taken for one.
pub fn older_revisions(bench: &mut Bench, row: &mut Row) -> Done {
    let place = bench.place()?;
    bench.prepare(&place, &["make"])?;
    // Eleven revisions; the last one is the vault as it is.
    let older = bench.place()?;
    for number in 0..=OLDER {
        bench.prepare(&place, &["loop", "bob", "1"])?;
        fs::copy(place.join("vault.warifu"), older.join(number.to_string())).map_err(|error| error.to_string())?;
    }
    bench.check(&place)?;
    let mut warnings = 0;
    for number in 0..OLDER {
        let place = bench.duplicate(&place)?;
        fs::copy(older.join(number.to_string()), place.join("vault.warifu")).map_err(|error| error.to_string())?;
        let found = bench.check(&place)?;
        let told = found.notices.iter().any(|notice| notice == "vault_rolled_back");
        warnings += usize::from(told);
        row.tried(&format!("older revision {number}"), (!told).then(|| format!("{:?}", found.notices)));
    }
    let saves = bench.times(1000, 60);
    for number in 0..saves {
        bench.prepare(&place, &["loop", "bob", "1"])?;
        let found = bench.check(&place)?;
        let alarm = (!found.notices.is_empty()).then(|| format!("{:?}", found.notices));
        row.tried(&format!("ordinary save {number}"), alarm.or(found.unsound()));
    }
    row.note = format!("{warnings} warnings for {OLDER} older revisions, {saves} ordinary saves");
    Ok(())
}

/// S8: whatever happened to the file, it is not taken for a first start, and the newest good backup brings all of it back.
pub fn deleted_or_damaged(bench: &mut Bench, row: &mut Row) -> Done {
    let base = bench.place()?;
    bench.prepare(&base, &["make"])?;
    bench.prepare(&base, &["loop", "bob", "5"])?;
    let bytes = fs::read(base.join("vault.warifu")).map_err(|error| error.to_string())?;
    let flips = bench.times(60, 6);
    let mut damages: Vec<(String, Option<Vec<u8>>)> = vec![
        ("deleted".into(), None),
        ("empty".into(), Some(vec![])),
        ("zeros".into(), Some(vec![0; bytes.len()])),
        ("another file".into(), Some(b"PK\x03\x04 not a vault at all".repeat(100))),
        ("too long".into(), Some([&bytes[..], b"x"].concat())),
    ];
    damages.extend(
        (1..8).map(|eighth| (format!("cut off at {eighth}/8"), Some(bytes[..bytes.len() * eighth / 8].to_vec()))),
    );
    for _ in 0..flips {
        let bit = bench.random.below(8 * bytes.len() as u64) as usize;
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        damages.push((format!("bit {bit} flipped"), Some(flipped)));
    }
    for (what, damaged) in damages {
        let place = bench.duplicate(&base)?;
        let vault = place.join("vault.warifu");
        match damaged {
            None => fs::remove_file(&vault),
            Some(damaged) => fs::write(&vault, damaged),
        }
        .map_err(|error| error.to_string())?;
        let found = bench.check(&place)?;
        let wrong = match () {
            () if !found.state.starts_with("unreadable") => Some(found.state),
            () if bench.prepare(&place, &["do", "create"]).is_ok() => Some("a new vault was made in its place".into()),
            () => match bench.prepare(&place, &["do", "restore newest"]) {
                Err(error) => Some(error),
                Ok(()) => {
                    let found = bench.check(&place)?;
                    found.unsound().or((found.account("bob") != Some("5")).then(|| found.contents.to_string()))
                }
            },
        };
        row.tried(&what, wrong);
    }
    Ok(())
}
