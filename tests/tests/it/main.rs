//! Tests across crates.

#[cfg(test)]
mod center;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod fitting;
#[cfg(test)]
mod hostile_bytes;
#[cfg(test)]
mod random_day;
#[cfg(test)]
mod scene;
