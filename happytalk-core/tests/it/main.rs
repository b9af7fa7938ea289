//! The words of the core, as an integrator meets them: the log's JSON, the conversation's rules, the laws of values.

#[cfg(test)]
mod calendar;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod conversation_laws;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod event_words;
#[cfg(test)]
mod fit;
#[cfg(test)]
mod fit_laws;
#[cfg(test)]
mod golden_log;
#[cfg(test)]
mod holidays;
#[cfg(test)]
mod hours;
#[cfg(test)]
mod hours_clocks;
#[cfg(test)]
mod hours_document;
#[cfg(test)]
mod hours_laws;
#[cfg(test)]
mod hours_switch;
#[cfg(test)]
mod ids;
#[cfg(test)]
mod launcher;
#[cfg(test)]
mod life_cycle;
#[cfg(test)]
mod log_reading;
#[cfg(test)]
mod money;
#[cfg(test)]
mod notification;
#[cfg(test)]
mod parameters;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod random_commands;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod sealed_values;
#[cfg(test)]
mod session;
#[cfg(test)]
mod session_laws;
#[cfg(test)]
mod transcript;
#[cfg(test)]
mod values;
#[cfg(test)]
mod wire_json;
