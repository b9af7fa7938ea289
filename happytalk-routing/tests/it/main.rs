//! The router through its public commands.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod centre;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod explanations;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod model;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod ownership;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod strategies;
#[cfg(test)]
mod threads;
#[cfg(test)]
mod waiting;
