//! Mean-variance, penalties and exact holdings, against methods that share nothing with them.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what went wrong by failing

mod agree;
#[path = "../draft/mod.rs"]
mod draft;
mod dust;
mod gross;
mod holdings;
mod known;
mod random;
mod refused;
mod rules;
