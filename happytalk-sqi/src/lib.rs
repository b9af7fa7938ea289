//! Service quality figures of a consultation log, exact and replayable.
