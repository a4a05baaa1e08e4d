//! What people show to the program, drawn from seeds, and what comes back.

mod boxes;
mod draw;
mod files;
mod fixtures;
mod harder;
mod hostile;
mod kinds;
mod mixed;
mod payloads;
mod photo;
mod recall;
mod regions;
mod troubles;
