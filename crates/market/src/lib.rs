//! Files and vendors to a checked market
