//! The `happytalk` command.

fn main() {}
