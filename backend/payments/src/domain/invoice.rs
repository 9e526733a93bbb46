//! What an adjustment note says of the tax invoice that it corrects.

use shared_types::{AudCents, payments::rules::gst_in};

/// A tax invoice that is corrected, and what the notes about it say already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// Its number.
    pub number: i64,
    /// All of it, GST included.
    pub total_cents: AudCents,
    /// The GST in it.
    pub gst_cents: AudCents,
    /// What the notes before say, GST included.
    pub given_cents: AudCents,
    /// The GST in that.
    pub given_gst_cents: AudCents,
}

impl Corrected {
    /// What another note over so much says, and the GST in it. No more is corrected than was invoiced. The GST is what is missing to
    /// that in all that went back, so that whatever the parts are, with the last one none is left.
    pub fn note_over(&self, cents: AudCents) -> (AudCents, AudCents) {
        let left = AudCents(self.total_cents.0 - self.given_cents.0);
        let cents = cents.min(left).max(AudCents::ZERO);
        let given = AudCents(self.given_cents.0 + cents.0);
        let in_all = if given == self.total_cents {
            self.gst_cents
        } else {
            gst_in(given).unwrap_or(AudCents::ZERO).min(self.gst_cents)
        };
        let gst = AudCents(in_all.0 - self.given_gst_cents.0);
        (cents, gst.max(AudCents::ZERO).min(cents))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_types::{AudCents, payments::rules::gst_in};

    use super::Corrected;

    fn invoice(total: i64, gst: i64) -> Corrected {
        Corrected {
            number: 1,
            total_cents: AudCents(total),
            gst_cents: AudCents(gst),
            given_cents: AudCents::ZERO,
            given_gst_cents: AudCents::ZERO,
        }
    }

    /// Writes a note, and gives what it says.
    fn note(invoice: &mut Corrected, cents: i64) -> (i64, i64) {
        let (cents, gst) = invoice.note_over(AudCents(cents));
        invoice.given_cents.0 += cents.0;
        invoice.given_gst_cents.0 += gst.0;
        (cents.0, gst.0)
    }

    /// Compliance notes, 2.9: 85.00 has 7.73 in it, and each half of it 3.86 by itself.
    #[test]
    fn the_last_part_takes_the_cent_that_is_over() {
        let mut whole = invoice(8_500, 773);
        assert_eq!(note(&mut whole, 4_250), (4_250, 386));
        assert_eq!(note(&mut whole, 4_250), (4_250, 387));
    }

    #[test]
    fn no_more_is_corrected_than_was_invoiced() {
        let mut whole = invoice(11_000, 1_000);
        assert_eq!(note(&mut whole, 5_500), (5_500, 500));
        assert_eq!(note(&mut whole, 11_000), (5_500, 500));
        assert_eq!(note(&mut whole, 11_000), (0, 0));
    }

    #[test]
    fn what_had_no_gst_in_it_gives_none_back() {
        let mut whole = invoice(11_000, 0);
        assert_eq!(note(&mut whole, 2_000), (2_000, 0));
        assert_eq!(note(&mut whole, 9_000), (9_000, 0));
    }

    proptest! {
        /// In however many parts it goes back: each has at most itself as GST, and together they have the invoice's.
        #[test]
        fn parts_add_up_to_the_invoice_to_the_cent(
            total in 1_i64..1_000_000,
            is_taxed in any::<bool>(),
            parts in prop::collection::vec(1_i64..400_000, 0..12),
        ) {
            let gst = if is_taxed { gst_in(AudCents(total)).unwrap().0 } else { 0 };
            let mut whole = invoice(total, gst);
            for part in parts.into_iter().chain([total]) {
                let (cents, gst) = note(&mut whole, part);
                prop_assert!((0..=part).contains(&cents) && (0..=cents).contains(&gst), "{cents} {gst}");
            }
            prop_assert_eq!((whole.given_cents, whole.given_gst_cents), (AudCents(total), AudCents(gst)));
        }
    }
}
