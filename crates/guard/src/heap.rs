//! What was freed is wiped.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// The allocator of our programs: what Rust frees is wiped, in whatever library it was, where a buffer that grew was copied too.
///
/// ```
/// # use warifu_guard::WipingAllocator;
/// #[global_allocator]
/// static HEAP: WipingAllocator = warifu_guard::WIPING_ALLOCATOR;
/// # fn main() {}
/// ```
pub type WipingAllocator = ZeroAlloc<System>;

/// The one there is.
pub const WIPING_ALLOCATOR: WipingAllocator = ZeroAlloc(System);

/// Lets the C libraries of this process wipe what they free: GTK and WebKit hold what is typed, and pass on what the page says.
/// **Call it first thing in `main`.**
///
/// On Linux with glibc. Both allocators can do it and read at the start of a process whether they shall, before `main`:
/// glibc's `malloc` by two tunables (overwrite what is freed; no cache of small pieces, which it does not overwrite), and WebKit's own,
/// which can only be told to step aside for `malloc` (`Malloc=1`). So this replaces the process by itself, with the variables set, and
/// the second time takes them away again: the processes of the page need them not (they are ended when the vault is locked), and keep
/// the defences of WebKit's allocator.
///
/// Elsewhere, and where the program cannot be started anew, nothing happens.
pub fn wipe_freed_c_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    linux::restart_with_wiping();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod linux {
    use std::{env, ffi::OsString, fs, os::unix::process::CommandExt, process::Command};

    const WEBKIT: &str = "Malloc";
    const TUNABLES: &str = "GLIBC_TUNABLES";
    /// Any byte does; each bit of it is seen in a debugger.
    const WIPING: &str = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0";
    /// What the person had set, until it is put back.
    const BEFORE: &str = "WARIFU_TUNABLES_BEFORE";

    #[allow(
        clippy::disallowed_methods,
        reason = "before anything of the program has begun, and about the process alone"
    )]
    pub(super) fn restart_with_wiping() {
        let tunables = env::var_os(TUNABLES).unwrap_or_default();
        if tunables.as_encoded_bytes().ends_with(WIPING.as_bytes()) {
            return forget();
        }
        let Ok(program) = env::current_exe() else { return };
        let mut arguments = env::args_os();
        let mut command = Command::new(program);
        if let Some(name) = arguments.next() {
            command.arg0(name);
        }
        let mut ours = tunables.clone();
        if !ours.is_empty() {
            ours.push(":");
        }
        ours.push(WIPING);
        // Comes back only where it failed. Then the program runs as it is.
        let _ = command.args(arguments).env(TUNABLES, ours).env(WEBKIT, "1").env(BEFORE, tunables).exec();
    }

    /// Takes the variables out of the environment, for the processes we start.
    #[allow(unsafe_code, reason = "the environment can be changed where no other thread reads it")]
    #[allow(clippy::disallowed_methods, reason = "as above")]
    fn forget() {
        let before: OsString = env::var_os(BEFORE).unwrap_or_default();
        let threads = fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
        if threads != 1 {
            return;
        }
        // SAFETY: this thread is the only one.
        unsafe {
            env::remove_var(WEBKIT);
            env::remove_var(BEFORE);
            if before.is_empty() { env::remove_var(TUNABLES) } else { env::set_var(TUNABLES, before) }
        }
    }
}
