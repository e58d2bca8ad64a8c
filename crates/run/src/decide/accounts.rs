//! One decision for many accounts.

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use walkfolio_backtest::Observer;
use walkfolio_core::{Note, hex};
use walkfolio_data::AccountBook;
use walkfolio_record::{AccountDone, AccountsDecision, LedgerRow, Source};
use walkfolio_study::policy::SharedMoments;

use super::accounts_terms::Terms;
use super::desk::{Desk, Moments};
use super::live::Live;
use super::notes::of_study;
use crate::manifest::{identity_of, source};
use crate::{Error, Result};

/// Accounts that are decided together: results are given in blocks of so many, whatever the number of threads.
const BLOCK: usize = 256;

impl Live<'_> {
    /// Decides for the accounts of a book from one on, in its order, and gives their results in blocks.
    ///
    /// Moments are made once. The result of an account depends on nothing but the account: neither on the others
    /// nor on the number of threads. One that fails has a row that says why, and the others go on.
    ///
    /// # Errors
    /// If moments cannot be made, [`Error::Interrupted`] if the observer ended it, and that of `take`.
    /// # Examples
    /// ```no_run
    /// use walkfolio_data::AccountBook;
    /// use walkfolio_orders::{LotMethod, TradeRules};
    /// use walkfolio_run::{Live, Terms};
    /// # fn live() -> Live<'static> { unimplemented!() }
    /// # fn book() -> AccountBook { unimplemented!() }
    ///
    /// let terms = Terms {
    ///     rules: TradeRules::whole(0.0),
    ///     band_risk: None,
    ///     method: LotMethod::HighestCost,
    ///     rates: None,
    ///     quotes: Vec::new(),
    /// };
    /// let print = |done: Vec<walkfolio_record::AccountDone>| {
    ///     done.iter().for_each(|own| println!("{}: {} orders", own.row.account, own.orders.len()));
    ///     Ok(())
    /// };
    /// live().accounts((&book(), &terms), 0, &walkfolio_backtest::Silent, print)?;
    /// # Ok::<(), walkfolio_run::Error>(())
    /// ```
    pub fn accounts(
        &self,
        (book, terms): (&AccountBook, &Terms),
        first: usize,
        observer: &dyn Observer,
        mut take: impl FnMut(Vec<AccountDone>) -> Result<()>,
    ) -> Result<AccountsDecision> {
        let past = self.market().before(self.row())?;
        let choice = self.policy.choose(&past)?;
        let shared = SharedMoments::new(choice.allocation, &past, &choice.assets)?;
        let moments = Moments { past: &past, assets: &choice.assets, shared };
        let desk = Desk::of(self, (book, terms), moments)?;
        observer.begin(book.entries.len());
        (0..first).for_each(|_| observer.decided());
        for block in (first..book.entries.len()).step_by(BLOCK) {
            let end = (block + BLOCK).min(book.entries.len());
            let done: Option<Vec<AccountDone>> = (block..end)
                .into_par_iter()
                .map(|at| {
                    let done = (!observer.cancelled()).then(|| desk.account(at))?;
                    observer.decided();
                    Some(done)
                })
                .collect();
            take(done.ok_or(Error::Interrupted)?)?;
        }
        let mut notes = book.notes.clone();
        notes.extend(choice.notes.iter().cloned());
        let hash = self.accounts_identity(book, terms);
        Ok(AccountsDecision { hash, ..self.summary(book, (desk.risk_rows(), &notes)) })
    }

    /// A hash of all that the results of accounts depend on: study, data, build, session, files and terms.
    pub fn accounts_identity(&self, book: &AccountBook, terms: &Terms) -> String {
        let mut hash = Sha256::new();
        hash.update(identity_of(self.study(), self.loaded));
        hash.update(self.date().to_string());
        for (_, sha256) in &book.files {
            hash.update(sha256);
        }
        hash.update(format!("{terms:?}"));
        hex(&hash.finalize())
    }

    /// What is said of all accounts; the counts are those of nobody yet.
    fn summary(
        &self,
        book: &AccountBook,
        (risk_rows, notes): (usize, &[Note]),
    ) -> AccountsDecision {
        let sources: Vec<Source> = self.loaded.sources.iter().map(source).collect();
        let own = notes.iter().map(|note| LedgerRow::of_note(None, note)).chain(of_study(self));
        let told = own.map(|row| format!("{}: {}", row.kind, row.message));
        AccountsDecision {
            format: 1,
            study: self.study().config().name().to_owned(),
            hash: String::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            synthetic: self.loaded.synthetic,
            sources,
            files: book.files.to_vec(),
            date: self.date(),
            known: self.known(),
            due: self.is_due(),
            next_due: self.next_due(),
            risk_rows,
            accounts: book.entries.len(),
            trades: 0,
            failed: 0,
            orders: 0,
            equity: 0.0,
            traded: 0.0,
            cost: 0.0,
            notes: told.collect(),
        }
    }
}
