//! The accounts of the ledger.

use shared_types::{OrganizationId, payments::practice::AccountKind};

/// An account of the ledger: one of the platform's, or one of those that each practice has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    kind: AccountKind,
    organization_id: Option<OrganizationId>,
}

impl Account {
    /// Money at the processor.
    pub const PROCESSOR: Self = Self::of_platform(AccountKind::Processor);
    /// What the platform earned, without GST.
    pub const PLATFORM_FEES: Self = Self::of_platform(AccountKind::PlatformFees);
    /// The GST in it.
    pub const GST_PAYABLE: Self = Self::of_platform(AccountKind::GstPayable);
    /// What the processor kept for itself.
    pub const PROCESSOR_FEES: Self = Self::of_platform(AccountKind::ProcessorFees);
    /// What banks keep until a chargeback is decided.
    pub const CHARGEBACKS: Self = Self::of_platform(AccountKind::Chargebacks);
    /// What was sent to the platform's own bank.
    pub const PLATFORM_BANK: Self = Self::of_platform(AccountKind::PlatformBank);

    const fn of_platform(kind: AccountKind) -> Self {
        Self { kind, organization_id: None }
    }

    const fn of_practice(kind: AccountKind, organization_id: OrganizationId) -> Self {
        Self { kind, organization_id: Some(organization_id) }
    }

    /// What a practice is owed, as a credit: below zero while it is owed something.
    pub const fn practice_balance(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::PracticeBalance, organization_id)
    }

    /// What Medicare will pay a practice.
    pub const fn medicare_due(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::MedicareDue, organization_id)
    }

    /// What Medicare has paid a practice.
    pub const fn medicare_paid(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::MedicarePaid, organization_id)
    }

    /// The benefits that a practice earned.
    pub const fn medicare_benefits(organization_id: OrganizationId) -> Self {
        Self::of_practice(AccountKind::MedicareBenefits, organization_id)
    }

    /// As it is stored; `None` when each practice should have one and none is named, or the other way round.
    pub fn read(kind: AccountKind, organization_id: Option<OrganizationId>) -> Option<Self> {
        (kind.is_per_practice() == organization_id.is_some()).then_some(Self { kind, organization_id })
    }

    /// Which of the accounts.
    pub fn kind(self) -> AccountKind {
        self.kind
    }

    /// Whose, where each practice has one.
    pub fn organization_id(self) -> Option<OrganizationId> {
        self.organization_id
    }
}
