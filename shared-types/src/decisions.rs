//! The register of decisions that a program makes about a person (Privacy Act 1988 (Cth), APP 1.7 to 1.9, in force on
//! 10 December 2026; control C-02). The privacy page shows it, and a test insists that every rule in code that refuses
//! somebody, or acts by itself, is here or is said to decide nothing about a person.

/// A kind of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Who is shown first.
    SearchOrder,
    /// A held time goes back.
    HoldEnds,
    /// A request that nobody answered ends.
    RequestEnds,
    /// A booking that nobody paid for in time ends.
    PaymentEnds,
    /// A visit that nobody marked counts as having taken place.
    VisitUnmarked,
    /// Who is asked first when time frees up.
    WaitlistOrder,
    /// A further booking is refused.
    BookingLimits,
    /// A home visit is refused where the practice does not go.
    HomeVisitArea,
    /// What cancelling costs.
    LateFee,
    /// The next try has to wait.
    SignInLimits,
    /// A password that was stolen somewhere is not taken.
    StolenPassword,
    /// What one has signed in with is not enough.
    StrongerSignIn,
    /// A copied session ends.
    SessionEnds,
    /// From which age one decides alone.
    Age,
    /// Leave to act for somebody ends.
    LeaveEnds,
    /// A link opens, or does not.
    LinkProof,
    /// An act that nothing explains.
    Suspicion,
    /// Records go at the end of their time.
    Destruction,
}

/// Where in code a decision is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The refusal of that type.
    Problem(&'static str),
    /// The job of that name.
    Job(&'static str),
    /// The operation of that name, where it decides without refusing.
    Operation(&'static str),
}

/// One row of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterRow {
    /// What is decided, in a few words.
    pub name: &'static str,
    /// Which information about a person is used.
    pub uses: &'static str,
    /// What it means for them.
    pub means: &'static str,
    /// Which rules in code make it.
    pub rules: &'static [Rule],
}

impl Decision {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 18] = [
        Self::SearchOrder,
        Self::HoldEnds,
        Self::RequestEnds,
        Self::PaymentEnds,
        Self::VisitUnmarked,
        Self::WaitlistOrder,
        Self::BookingLimits,
        Self::HomeVisitArea,
        Self::LateFee,
        Self::SignInLimits,
        Self::StolenPassword,
        Self::StrongerSignIn,
        Self::SessionEnds,
        Self::Age,
        Self::LeaveEnds,
        Self::LinkProof,
        Self::Suspicion,
        Self::Destruction,
    ];

    /// Its row.
    pub fn row(self) -> RegisterRow {
        match self {
            Self::SearchOrder => RegisterRow {
                name: "Order of search results",
                uses: "Distance from the place you give, or the first free time; the filters you set",
                means: "Who is shown first. Nobody can pay for a place, and nothing about you is used",
                rules: &[Rule::Operation("search_providers")],
            },
            Self::HoldEnds => RegisterRow {
                name: "End of a held time",
                uses: "Ten minutes from when you picked it",
                means: "The time goes back to everybody; what you typed stays with you",
                rules: &[Rule::Problem("hold-expired"), Rule::Job("bookings.expire_holds")],
            },
            Self::RequestEnds => RegisterRow {
                name: "End of a request that a practice did not answer",
                uses: "When you asked and when the appointment would start",
                means: "After a day, or two hours before the start, the request ends, the time goes back to everybody and nothing \
                        is owed",
                rules: &[Rule::Job("bookings.expire_requests")],
            },
            Self::PaymentEnds => RegisterRow {
                name: "End of a booking that is not paid for",
                uses: "When you gave your details, and whether the processor says that you paid or that your card said no",
                means: "After 35 minutes without payment the time goes back to everybody and nothing was booked. What was paid \
                        for a time that was not booked goes back. When a card says no later, you have a day for another one; \
                        then the appointment is cancelled and nothing is owed",
                rules: &[
                    Rule::Job("bookings.give_up_awaiting"),
                    Rule::Job("payments.let_go_unbooked"),
                    Rule::Job("payments.act_on_due"),
                ],
            },
            Self::VisitUnmarked => RegisterRow {
                name: "A visit that nobody marked",
                uses: "When the appointment started, and that the practice said neither that it took place nor that it did not",
                means: "Fourteen hours after its start it counts as having taken place, and you are told. The practice can take that back \
                        for a day, and you can say for seven days that it did not take place",
                rules: &[Rule::Job("bookings.complete_unmarked")],
            },
            Self::WaitlistOrder => RegisterRow {
                name: "Who is offered a time that frees up",
                uses: "When you joined the waitlist, the practitioners, days and hours that suit you, which times you were asked \
                       about already, and whether the practice cancelled an appointment of yours or did not keep it",
                means: "Whose appointment the practice cancelled or did not keep is asked first, once for each; then who joined \
                        first, between seven and nine, and each has half an hour. Whoever declines or does not answer keeps \
                        their place and is asked about other times",
                rules: &[Rule::Job("bookings.offer_times")],
            },
            Self::BookingLimits => RegisterRow {
                name: "Limits on booking",
                uses: "Two held times at once; without an account, two bookings ahead for one e-mail or mobile at one \
                       practice; ten waitlists at once; the number of requests from one network address",
                means: "A further booking is refused until one is done or cancelled",
                rules: &[
                    Rule::Problem("too-many-holds"),
                    Rule::Problem("too-many-bookings"),
                    Rule::Problem("waitlist-full"),
                    Rule::Problem("rate-limited"),
                ],
            },
            Self::HomeVisitArea => RegisterRow {
                name: "Where home visits are made",
                uses: "The postcode of the address that you give, or the middle of your suburb, and the area that the practice set",
                means: "A home visit outside of the area is not booked. The time stays held for you, and you can give another \
                        address, book elsewhere or call the practice",
                rules: &[Rule::Problem("outside-coverage")],
            },
            Self::LateFee => RegisterRow {
                name: "What cancelling costs",
                uses: "When you cancel, when the appointment starts, and what you agreed to when you booked",
                means: "No cost up to the agreed hour; after that the practice may ask for the agreed fee, never for a \
                        bulk-billed appointment",
                rules: &[Rule::Operation("cancel_appointment"), Rule::Problem("not-cancellable")],
            },
            Self::SignInLimits => RegisterRow {
                name: "Limits on signing in",
                uses: "Wrong passwords or codes for one account, letters that wait for an answer, and requests from one \
                       network address",
                means: "The next try has to wait; an account is never shut by this",
                rules: &[Rule::Problem("rate-limited")],
            },
            Self::StolenPassword => RegisterRow {
                name: "A password that was stolen somewhere",
                uses: "The first five of forty characters of the password’s fingerprint; your browser compares the rest",
                means: "The password is not taken, and you choose another",
                rules: &[Rule::Operation("list_breached_passwords")],
            },
            Self::StrongerSignIn => RegisterRow {
                name: "A stronger or newer sign-in",
                uses: "With what you signed in, and when",
                means: "Changing how you sign in, or closing the account, needs a sign-in of the last 15 minutes; working \
                        for a practice needs a passkey or a code",
                rules: &[Rule::Problem("sign-in-again"), Rule::Problem("stronger-sign-in")],
            },
            Self::SessionEnds => RegisterRow {
                name: "Ending a session",
                uses: "A refresh cookie used after the one that took its place was used, or one that was put aside",
                means: "That session is signed out and you are told by e-mail",
                rules: &[Rule::Operation("refresh_session")],
            },
            Self::Age => RegisterRow {
                name: "Having an own account",
                uses: "The date of birth",
                means: "From 15 one can have an own account; a child below 15 is added by a parent",
                rules: &[Rule::Operation("put_patient"), Rule::Operation("add_dependant")],
            },
            Self::LeaveEnds => RegisterRow {
                name: "End of leave to act for somebody",
                uses: "The child’s date of birth, or the day that was agreed",
                means: "A parent’s access ends when the child turns 18, anybody else’s on the agreed day",
                rules: &[Rule::Job("users.end_delegations")],
            },
            Self::LinkProof => RegisterRow {
                name: "Opening a link to an appointment",
                uses: "The date of birth or code you enter; five wrong dates leave only the code by e-mail",
                means: "The appointment is shown or not",
                rules: &[Rule::Problem("wrong-proof"), Rule::Problem("code-only")],
            },
            Self::Suspicion => RegisterRow {
                name: "Alarm about a look at a record",
                uses: "Who looked, for which practice, and whether the practice has that booking",
                means: "Our staff look into it. The program refuses nobody by this",
                rules: &[Rule::Job("kernel.sequence_audit")],
            },
            Self::Destruction => RegisterRow {
                name: "Destroying records",
                uses: "The last appointment with the practice and the date of birth; for other records, the day they ended",
                means: "The record goes seven years after the last appointment, and not before the patient is 25; a note goes at \
                        once if the booking was never made",
                rules: &[
                    Rule::Job("bookings.destroy_expired"),
                    Rule::Job("kernel.destroy_audit_details"),
                    Rule::Job("notifications.destroy_expired"),
                    Rule::Job("payments.destroy_expired"),
                    Rule::Job("users.destroy_expired"),
                    Rule::Job("users.destroy_orphan_notes"),
                ],
            },
        }
    }
}
