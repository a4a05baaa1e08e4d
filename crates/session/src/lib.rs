//! The application: locked and unlocked, add, search, copy, with the OS behind ports
