//! Moments and a mandate to weights
