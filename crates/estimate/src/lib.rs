//! The past to moments: expected returns, covariance, factor model, beta
