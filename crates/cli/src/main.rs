//! warifu-cli: the second shell over the session
fn main() {}
