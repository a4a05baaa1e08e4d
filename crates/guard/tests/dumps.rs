//! In a process of its own, since there is no way back.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

#[test]
fn a_kept_process_writes_no_core_file_and_shows_itself_to_no_one() {
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::Dumpable);
    warifu_guard::keep_out_of_dumps();
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    let core = getrlimit(Resource::Core);
    assert_eq!((core.current, core.maximum), (Some(0), Some(0)));
}
