//! Tests that need the inside: keys, counters, repaired digests.
