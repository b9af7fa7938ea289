//! Tests across crates, and the bodies of the fuzz targets.

pub mod fuzz;
