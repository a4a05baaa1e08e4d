//! Core files, and other programs that would look in.

/// Keeps this process's memory to itself. Call it at the start of `main`; what cannot be set is left as it is.
///
/// - **Linux**: no core file (`RLIMIT_CORE` 0, which the processes of the page inherit), and not dumpable (`PR_SET_DUMPABLE` 0): no
///   crash handler gets the memory either, and programs of the same person can neither trace the process nor read `/proc/PID/mem`.
///   Root still can. The price: a desktop portal refuses a caller it cannot look at (`/proc/PID/root`), so dialogs must not go
///   through portals; ours are GTK's own. Where there is no other way (the screen on Wayland) a process without secrets asks. The processes of the page are programs of their own, which the second does not reach.
/// - **macOS**: no core file. That other programs cannot attach is up to the hardened runtime the app is signed with.
/// - **Windows**: nothing. Error reporting keeps a small dump of a crash, which a person has to agree to send.
pub fn keep_out_of_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
