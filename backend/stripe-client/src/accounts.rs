//! Practices' accounts with the processor.

use std::collections::HashMap;

use jiff::Timestamp;
use stripe::StripeRequest as _;
use stripe_connect::{
    account::{
        CreateAccount, CreateAccountCapabilities, CreateAccountCapabilitiesCardPayments,
        CreateAccountCapabilitiesTransfers, CreateAccountType, RetrieveAccount, UpdateAccount,
        UpdateAccountSettings, UpdateAccountSettingsPayouts, UpdateAccountSettingsPayoutsSchedule,
        UpdateAccountSettingsPayoutsScheduleInterval,
    },
    account_link::{CreateAccountLink, CreateAccountLinkType},
};
use stripe_core::balance::RetrieveForMyAccountBalance;
use stripe_shared::AccountId;
use stripe_types::Currency;

use crate::{
    Client, ProcessorError, once,
    reading::{REFERENCE, at},
    records::AccountRecord,
};

impl Client {
    /// Makes an express account for a practice, under our name for it.
    ///
    /// # Errors
    /// When the processor refuses or does not answer.
    pub async fn create_account(&self, key: &str, reference: &str) -> Result<AccountRecord, ProcessorError> {
        let mut cards = CreateAccountCapabilitiesCardPayments::new();
        cards.requested = Some(true);
        let mut transfers = CreateAccountCapabilitiesTransfers::new();
        transfers.requested = Some(true);
        let mut capabilities = CreateAccountCapabilities::new();
        capabilities.card_payments = Some(cards);
        capabilities.transfers = Some(transfers);
        let request = CreateAccount::new()
            .type_(CreateAccountType::Express)
            .country("AU")
            .default_currency(Currency::AUD)
            .capabilities(capabilities)
            .metadata(HashMap::from([(REFERENCE.to_owned(), reference.to_owned())]))
            .customize()
            .request_strategy(once(key)?);
        Ok(request.send(&self.client).await?.into())
    }

    /// An account as it is now.
    ///
    /// # Errors
    /// When there is none, or the processor does not answer.
    pub async fn find_account(&self, id: &str) -> Result<AccountRecord, ProcessorError> {
        Ok(RetrieveAccount::new(id).send(&self.client).await?.into())
    }

    /// The page on which a practice tells the processor about itself, and until when it is open. It opens once.
    ///
    /// # Errors
    /// When the processor refuses or does not answer.
    pub async fn open_onboarding(
        &self,
        id: &str,
        done_address: &str,
        again_address: &str,
    ) -> Result<(String, Timestamp), ProcessorError> {
        let request = CreateAccountLink::new(id, CreateAccountLinkType::AccountOnboarding)
            .return_url(done_address)
            .refresh_url(again_address);
        let link = request.send(&self.client).await?;
        Ok((link.url, at(link.expires_at)))
    }

    /// Holds a practice's payouts, or pays out daily again.
    ///
    /// # Errors
    /// When the processor refuses or does not answer.
    pub async fn hold_payouts(
        &self,
        key: &str,
        id: &str,
        held: bool,
    ) -> Result<AccountRecord, ProcessorError> {
        let mut schedule = UpdateAccountSettingsPayoutsSchedule::new();
        schedule.interval = Some(match held {
            true => UpdateAccountSettingsPayoutsScheduleInterval::Manual,
            false => UpdateAccountSettingsPayoutsScheduleInterval::Daily,
        });
        let mut payouts = UpdateAccountSettingsPayouts::new();
        payouts.schedule = Some(schedule);
        let mut settings = UpdateAccountSettings::new();
        settings.payouts = Some(payouts);
        let request = UpdateAccount::new(id).settings(settings).customize();
        Ok(request.request_strategy(once(key)?).send(&self.client).await?.into())
    }

    /// What the platform, or a practice, has with the processor: what is available and what is on its way.
    ///
    /// # Errors
    /// When the processor does not answer.
    pub async fn find_balance(&self, account: Option<&str>) -> Result<i64, ProcessorError> {
        let request = RetrieveForMyAccountBalance::new().customize();
        let request = match account {
            Some(account) => request.account_id(AccountId::from(account)),
            None => request,
        };
        let balance = request.send(&self.client).await?;
        let all = balance.available.iter().chain(&balance.pending);
        Ok(all.filter(|part| part.currency == Currency::AUD).map(|part| part.amount).sum())
    }
}
