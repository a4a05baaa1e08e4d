//! What is printed when something breaks inside.

/// Prints where a panic happened and nothing of what it says: a decoder's message may quote what it was decoding.
pub fn print_panics_without_their_message() {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            #[allow(clippy::print_stderr)] // There is no log; this is for bug reports.
            {
                eprintln!("warifu: internal error at {}:{}", place.file(), place.line());
            }
        }
    }));
}
