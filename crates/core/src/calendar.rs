//! Sessions of the New York Stock Exchange, by rule.
