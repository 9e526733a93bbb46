//! How much of it, and how badly the card processor behaves.

use processor_sandbox::Faults;

/// How much of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many bookings are made.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    pub bookings: u32,
    /// How often the program is killed while they are.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    pub kills: u32,
    /// What people do, and when something goes wrong.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Has the processor ignore one idempotency key: a card is charged twice, and the run has to notice.
    #[arg(long)]
    pub ignore_key: bool,
}

impl Options {
    /// How badly the processor behaves. Where a key is to be ignored no webhook comes, or it might say that the charge was made before
    /// it is asked for again.
    pub fn faults(&self) -> Faults {
        let faults = Faults {
            dropped_percent: 10,
            twice_percent: 20,
            late_milliseconds: 1_500,
            lost_reply_percent: 2,
            busy_percent: 1,
            ..Faults::default()
        };
        if self.ignore_key {
            let keys_ignored_at = "payment_intents".to_owned();
            return Faults { dropped_percent: 100, keys_ignored: 1, keys_ignored_at, ..faults };
        }
        faults
    }
}
