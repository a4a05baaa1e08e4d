//! Prints `ui/src/ipc/bindings.ts`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(warifu_ipc::typescript::bindings().as_bytes())
}
