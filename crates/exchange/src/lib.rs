//! Other apps' files to entries and back, one module a format
