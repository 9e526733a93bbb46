//! Asks the processor what is written down to be asked. Every two seconds, ten at a time, each under a key that is the same every
//! time. What gets no answer is asked again after a while, longer each time, and the tenth time leaves an error in the log. Then a
//! charge or hold is given up, since `recover_intents` goes on with it; taking what is held, giving back and letting go are not:
//! nobody else would.

mod giving_back;
mod shares;
mod taking;
mod without_money;

use jiff::SignedDuration;

use self::{
    giving_back::{cancel, close_page, give_back},
    shares::{send_if_failed, send_share, take_sent_share, take_share_back},
    taking::{capture, charge},
    without_money::{forget_card, hold_payouts, submit_evidence},
};
use crate::{
    state::State,
    store::processor_call::{self, Call, End, Operation},
};

const BATCH: i64 = 10;
const LEASE: SignedDuration = SignedDuration::from_mins(2);
const TRIES: i16 = 10;
/// So often a practice's share is asked for or sent without an answer, which is less than a day: after that the key may stand for another
/// request. Then it is an administrator's to look where it is, and to ask again (`routes/refused_shares.rs`).
const TRIES_OF_A_SHARE: i16 = 20;
/// What was refused and is asked once more waits as if it had been tried so often: twenty minutes, and longer each time.
const ONCE_MORE: i16 = 7;

/// How long to wait after so many tries: ten seconds, and twice as long each time.
pub fn pause_after(tries: i16) -> SignedDuration {
    SignedDuration::from_secs(5 << tries.clamp(1, 10))
}

/// One batch. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn run_processor_calls(state: &State) -> anyhow::Result<u64> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let due = processor_call::claim_due(&mut tx, core.now(), core.now() + LEASE, BATCH).await?;
    core.commit(tx).await?;
    for call in &due {
        finish(state, call, run(state, call).await).await?;
    }
    Ok(due.len() as u64)
}

async fn finish(state: &State, call: &Call, ended: anyhow::Result<End>) -> anyhow::Result<()> {
    let core = &state.core;
    let id = call.processor_call_id;
    let mut tx = core.begin().await?;
    match ended {
        Ok(end) => {
            if let (End::Done(_), Operation::ReverseTransfer, Some(refund_id)) =
                (&end, call.call.operation, call.call.refund_id)
            {
                send_if_failed(&mut tx, core, refund_id).await?;
            }
            let is_ended = processor_call::end(&mut tx, id, &end, core.now()).await?;
            // In one transaction: of both, were they due, each would move the money.
            if let (true, End::PutOff(_, until)) = (is_ended, &end) {
                processor_call::enqueue_at(&mut tx, core, call.call.once_more(), *until).await?;
            }
        }
        Err(error) if at_most(call.call.operation).is_some_and(|tries| call.attempts >= tries) => {
            tracing::error!(call.id = %id, error = format!("{error:#}"), "the processor was asked too often");
            processor_call::end(&mut tx, id, &End::GivenUp("no answer".to_owned()), core.now()).await?;
        }
        Err(error) => {
            let error = format!("{error:#}");
            if call.attempts == TRIES {
                tracing::error!(call.id = %id, error, "the processor has not answered for hours");
            } else {
                tracing::warn!(call.id = %id, error, "the processor will be asked again");
            }
            let again_at = core.now() + pause_after(call.attempts);
            processor_call::put_off(&mut tx, id, again_at, core.now()).await?;
        }
    }
    core.commit(tx).await?;
    Ok(())
}

/// How often it is asked at most; `None` where it is asked until there is an answer. That may be done twice without harm, or is found
/// done already.
fn at_most(operation: Operation) -> Option<i16> {
    match operation {
        Operation::CreateCustomer
        | Operation::OpenCheckout
        | Operation::CreateAccount
        | Operation::OpenOnboarding
        | Operation::Authorise
        | Operation::Charge => Some(TRIES),
        Operation::ReverseTransfer | Operation::SendShare | Operation::TakeSentShare => {
            Some(TRIES_OF_A_SHARE)
        }
        Operation::ExpireCheckout
        | Operation::Cancel
        | Operation::Capture
        | Operation::Refund
        | Operation::DetachCard
        | Operation::SubmitEvidence
        | Operation::HoldPayouts
        | Operation::ReleasePayouts => None,
    }
}

/// Asks, applies the answer and says how it ended. An error means that it is asked again.
async fn run(state: &State, asked: &Call) -> anyhow::Result<End> {
    let call = &asked.call;
    match call.operation {
        Operation::Authorise | Operation::Charge => charge(state, call).await,
        Operation::Capture => capture(state, call).await,
        Operation::Cancel => cancel(state, call).await,
        Operation::ExpireCheckout => close_page(state, call).await,
        Operation::Refund => give_back(state, call).await,
        Operation::ReverseTransfer => take_share_back(state, call, asked.attempts == 1).await,
        Operation::SendShare => send_share(state, call).await,
        Operation::TakeSentShare => take_sent_share(state, call).await,
        Operation::DetachCard => forget_card(state, call).await,
        Operation::SubmitEvidence => submit_evidence(state, call).await,
        Operation::HoldPayouts | Operation::ReleasePayouts => hold_payouts(state, call).await,
        // These are asked while somebody waits for the page that they lead to.
        Operation::CreateCustomer
        | Operation::OpenCheckout
        | Operation::CreateAccount
        | Operation::OpenOnboarding => Ok(End::Refused("not_a_job".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::pause_after;

    #[test]
    fn the_pause_doubles() {
        let seconds = [1, 2, 3, 10].map(|tries| pause_after(tries).as_secs());
        assert_eq!(seconds, [10, 20, 40, 5_120]);
    }
}
