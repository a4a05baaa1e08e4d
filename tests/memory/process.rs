//! The memory of one process.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    os::unix::fs::FileExt,
};

use crate::needles::{Meaning, Needles};

/// Read at once.
const CHUNK: usize = 4 << 20;
const PAGE: u64 = 4096;

/// A mapping with something in it.
struct Mapping {
    from: u64,
    to: u64,
    name: String,
}

/// Searches a process and prints what was found. False if nothing of it could be read.
pub fn search(pid: u32, needles: &Needles) -> bool {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    let name = name.trim_end();
    let mappings = mappings(pid);
    let (Ok(memory), Ok(present)) =
        (File::open(format!("/proc/{pid}/mem")), File::open(format!("/proc/{pid}/pagemap")))
    else {
        println!("{}", serde_json::json!({ "pid": pid, "process": name, "bytes": 0 }));
        return false;
    };
    let (mut bytes, mut refused) = (0_u64, 0_u64);
    let mut found: BTreeMap<(Meaning, String), u64> = BTreeMap::new();
    for mapping in &mappings {
        for (from, to) in runs(&present, mapping) {
            let unread = search_run(&memory, from, to, needles, |meaning| {
                *found.entry((meaning.clone(), mapping.name.clone())).or_default() += 1;
            });
            refused += unread;
            bytes += to - from - unread;
        }
    }
    println!("{}", serde_json::json!({ "pid": pid, "process": name, "bytes": bytes, "refused": refused }));
    for ((meaning, place), count) in found {
        let Meaning { needle, spelling, part } = meaning;
        println!(
            "{}",
            serde_json::json!({ "pid": pid, "process": name, "needle": needle, "spelling": spelling, "part": part,
                "place": place, "count": count })
        );
    }
    bytes > 0
}

/// The mappings of which something is in memory. Reserved address space, of which a web view has terabytes, is left out.
fn mappings(pid: u32) -> Vec<Mapping> {
    let mut mappings: Vec<Mapping> = Vec::new();
    let mut current: Option<Mapping> = None;
    for line in fs::read_to_string(format!("/proc/{pid}/smaps")).unwrap_or_default().lines() {
        if let Some(mapping) = heading(line) {
            current = Some(mapping);
        } else if let Some(size) = line.strip_prefix("Rss:").or_else(|| line.strip_prefix("Swap:"))
            && size.trim() != "0 kB"
        {
            mappings.extend(current.take());
        }
    }
    mappings
}

fn heading(line: &str) -> Option<Mapping> {
    let mut words = line.split_ascii_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let (from, to) = (u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?);
    let name = words.skip(4).collect::<Vec<_>>().join(" ");
    // The kernel's own pages in every process cannot be read, and hold nothing of ours.
    let is_kernels = matches!(name.as_str(), "[vvar]" | "[vvar_vclock]" | "[vsyscall]");
    (!is_kernels).then_some(Mapping { from, to, name })
}

/// The runs of pages that are in memory or in swap.
fn runs(present: &File, mapping: &Mapping) -> Vec<(u64, u64)> {
    /// `Documentation/admin-guide/mm/pagemap.rst`: bit 63 present, bit 62 swapped.
    const THERE: u64 = 3 << 62;
    let mut runs: Vec<(u64, u64)> = Vec::new();
    let mut entries = vec![0; 64 << 10];
    let mut page = mapping.from;
    while page < mapping.to {
        let wanted = usize::try_from((mapping.to - page) / PAGE * 8).unwrap_or(usize::MAX).min(entries.len());
        let Ok(read @ 8..) = present.read_at(&mut entries[..wanted], page / PAGE * 8) else { break };
        for entry in entries[..read / 8 * 8].as_chunks::<8>().0 {
            if u64::from_le_bytes(*entry) & THERE != 0 {
                match runs.last_mut() {
                    Some((_, to)) if *to == page => *to += PAGE,
                    _ => runs.push((page, page + PAGE)),
                }
            }
            page += PAGE;
        }
    }
    runs
}

/// Searches a run, in pieces that overlap by the longest pattern. Returns the bytes that could not be read.
fn search_run(memory: &File, from: u64, to: u64, needles: &Needles, mut hit: impl FnMut(&Meaning)) -> u64 {
    let mut buffer = vec![0; CHUNK + needles.longest];
    // What was carried over from the piece before lies in front.
    let (mut carried, mut at, mut refused) = (0, from, 0);
    while at < to {
        let wanted = usize::try_from(to - at).unwrap_or(CHUNK).min(CHUNK);
        match memory.read_at(&mut buffer[carried..carried + wanted], at) {
            Ok(read) if read > 0 => {
                let filled = carried + read;
                // What ended within the carried part was told before.
                needles.find(&buffer[..filled]).filter(|(end, _)| *end > carried).for_each(|(_, meaning)| hit(meaning));
                let keep = filled.min(needles.longest.saturating_sub(1));
                buffer.copy_within(filled - keep..filled, 0);
                carried = keep;
                at += read as u64;
            }
            // Gone since, or a page of a device.
            _ => {
                refused += PAGE;
                at += PAGE;
                carried = 0;
            }
        }
    }
    refused
}
