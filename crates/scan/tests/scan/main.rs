//! What people show to the program, drawn from seeds, and what comes back.

mod boxes;
mod draw;
mod files;
mod fixtures;
mod hostile;
mod kinds;
mod payloads;
mod recall;
mod regions;
