//! Prepaid billing (톡캐시): price book, ledger and charges.
