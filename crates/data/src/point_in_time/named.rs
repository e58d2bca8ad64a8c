//! Assets and the tickers of their files.

use walkfolio_core::Ticker;

/// An asset, and the ticker that its files know it by: `AMD` of the asset `AMD_2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) asset: Ticker,
    pub(crate) ticker: Ticker,
}
