//! One-time codes (RFC 4226, RFC 6238, Steam) and the key URI: pure, without I/O, clock or randomness
