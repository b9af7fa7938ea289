//! Drives the real `happytalk`: what goes in, what comes out, and how it ends.

#[cfg(test)]
mod bill;
#[cfg(test)]
mod decode;
#[cfg(test)]
mod encode;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod hours;
#[cfg(test)]
mod page;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod prompt;
#[cfg(test)]
mod route;
#[cfg(test)]
mod scenario_check;
#[cfg(test)]
mod scenario_play;
#[cfg(test)]
mod scenario_tools;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod sqi;
#[cfg(test)]
#[cfg(unix)]
mod streams;
#[cfg(test)]
mod transcript;
#[cfg(test)]
mod usage;
