//! A policy and a market to a ledger and its measures
