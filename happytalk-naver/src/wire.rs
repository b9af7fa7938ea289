//! The platform's documents, field by field. Only these files know its JSON.

pub(crate) mod answer;
pub(crate) mod event;
pub(crate) mod image_upload;
pub(crate) mod lenient;
pub(crate) mod webhook;
