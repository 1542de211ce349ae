//! Migrations only.
fn main() {}
