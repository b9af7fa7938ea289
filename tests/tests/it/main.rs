//! Tests across crates.

#[cfg(test)]
mod bots;
mod center;
#[cfg(test)]
mod center_faults;
#[cfg(test)]
mod center_random;
#[cfg(test)]
mod center_refused;
#[cfg(test)]
mod conversation_model;
#[cfg(test)]
mod desk;
mod desk_bots;
#[cfg(test)]
mod desk_fitting;
#[cfg(test)]
mod desk_ledger;
mod desk_life;
#[cfg(test)]
mod desk_queues;
#[cfg(test)]
mod desk_reports;
#[cfg(test)]
mod desk_session;
#[cfg(test)]
mod fitting;
#[cfg(test)]
mod guides;
mod hostile_bytes;
#[cfg(test)]
mod house;
#[cfg(test)]
mod kakao_center;
#[cfg(test)]
mod random_day;
#[cfg(test)]
mod scene;
