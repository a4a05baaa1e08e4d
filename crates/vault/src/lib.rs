//! The vault file format: bytes to types and back. No paths, no OS
