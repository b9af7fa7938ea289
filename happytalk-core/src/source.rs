//! From which addresses a platform's events may come.
//!
//! ```
//! use happytalk_core::source::SourceRange;
//!
//! let office: SourceRange = "203.0.113.0/24".parse()?;
//! assert!(office.contains("203.0.113.9".parse()?));
//! assert!(office.contains("::ffff:203.0.113.9".parse()?));
//! assert!(!office.contains("203.0.114.9".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// The text is no address, nor the beginning of some (`203.0.113.0/24`). Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address, nor a range of addresses")]
#[non_exhaustive]
pub struct SourceRangeError;

impl SourceRangeError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "source.bad_range"
    }
}

/// One address, or all that begin alike: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceRange {
    address: IpAddr,
    prefix_bits: u8,
}

impl SourceRange {
    /// Whether `address` lies in here. An IPv4 address written as IPv6 is the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let differing = ours.to_bits() ^ theirs.to_bits();
                differing.leading_zeros() >= u32::from(self.prefix_bits)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let differing = ours.to_bits() ^ theirs.to_bits();
                differing.leading_zeros() >= u32::from(self.prefix_bits)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for SourceRange {
    type Err = SourceRangeError;
    fn from_str(text: &str) -> Result<Self, SourceRangeError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| SourceRangeError)?;
        let bits_max = match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        let prefix_bits = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| SourceRangeError)?,
            None => bits_max,
        };
        if prefix_bits > bits_max {
            return Err(SourceRangeError);
        }
        Ok(Self {
            address,
            prefix_bits,
        })
    }
}

impl fmt::Display for SourceRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(range: &str, address: &str) -> bool {
        let range: SourceRange = range.parse().unwrap();
        range.contains(address.parse().unwrap())
    }

    #[test]
    fn a_range_holds_the_addresses_that_begin_alike() {
        assert!(inside("203.0.113.0/24", "203.0.113.255"));
        assert!(!inside("203.0.113.0/24", "203.0.114.0"));
        assert!(inside("203.0.113.7", "203.0.113.7"));
        assert!(!inside("203.0.113.7", "203.0.113.6"));
        assert!(inside("0.0.0.0/0", "198.51.100.1"));
        assert!(inside("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!inside("::/0", "198.51.100.1"));
        assert!(inside("203.0.113.0/24", "::ffff:203.0.113.9"));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "example.com",
            "203.0.113.0/33",
            "::1/129",
            "203.0.113.0/",
            "1.2.3.4/-1",
        ] {
            let error = text.parse::<SourceRange>().unwrap_err();
            assert_eq!(error.code(), "source.bad_range", "{text}");
        }
    }
}
