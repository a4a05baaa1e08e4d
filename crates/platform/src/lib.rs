//! The ports of the session for real: files, clipboard, screen, clock
