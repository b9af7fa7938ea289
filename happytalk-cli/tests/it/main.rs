//! Drives the real `happytalk`.
