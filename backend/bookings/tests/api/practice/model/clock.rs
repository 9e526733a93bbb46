//! The clock, and the jobs that go by it.

use shared_types::bookings::AppointmentStatus::{
    Arrived, AwaitingPayment, CheckedIn, Completed, Confirmed, Expired, InConsult, Requested,
};

use super::World;
use crate::app::minutes;

impl World {
    /// Time passes, and what happens by itself happens.
    pub async fn wait(&mut self) -> String {
        self.app.advance(minutes(i64::try_from(self.pick(45)).unwrap()));
        self.run_jobs(&[
            "bookings.give_up_awaiting",
            "bookings.expire_requests",
            "bookings.complete_unmarked",
            "bookings.lapse_proposals",
        ])
        .await;
        let now = self.now();
        for it in &mut self.links {
            let is_unpaid = it.status == AwaitingPayment && it.pays.is_some_and(|pays| now >= pays.until);
            if is_unpaid || (it.status == Requested && now >= it.start - minutes(120)) {
                it.stand(Expired, now);
            } else if matches!(it.status, Confirmed | Arrived | CheckedIn | InConsult)
                && now >= it.start + minutes(14 * 60)
                && it.taken_back.is_none_or(|at| now >= at + minutes(14 * 60))
            {
                it.stand(Completed, now);
                it.presumed = Some(now);
            }
        }
        self.lapse_proposals();
        let needed = self.need_lapsed().await;
        self.run_jobs(&["bookings.expire_holds", "bookings.offer_times"]).await;
        self.forget_lapsed().await;
        self.offers().await;
        format!("wait until {now}{needed}")
    }

    /// One round of each.
    async fn run_jobs(&mut self, jobs: &[&str]) {
        self.let_go().await;
        for job in jobs {
            self.app.run(job).await;
        }
    }

    /// Until nobody is in a transaction. A request that was refused lets go of what it had locked a moment after its answer; a job
    /// passes that over meanwhile, and comes to it in its next round.
    async fn let_go(&mut self) {
        let busy = "select exists (select from pg_stat_activity where datname = current_database() \
             and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start is not null)";
        let free = async {
            while sqlx::query_scalar::<_, bool>(busy).fetch_one(&mut self.conn).await.unwrap() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), free).await.unwrap();
    }
}
