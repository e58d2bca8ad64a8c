//! A run to what people read
