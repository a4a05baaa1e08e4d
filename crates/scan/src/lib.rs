//! Pixels in, QR payloads out
