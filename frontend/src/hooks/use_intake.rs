//! Whether a practice can be told something with a booking, by whom, and what they have written so far.

use std::rc::Rc;

use shared_types::{
    Problem,
    bookings::Hold,
    problem::FieldError,
    users::{ConsentText, Me, PublishedKeys},
};
use yew::prelude::*;

use super::{
    use_note_draft::use_note_draft,
    use_private_api_if,
    use_standing::{Standing, use_standing},
    use_vault::{Keys, VaultDoor, use_vault},
    use_version,
};
use crate::{
    api::sealed,
    forms::intake::{IntakeAction, IntakeForm},
};

/// Whether the practice can be told anything.
#[derive(Clone, Debug, PartialEq)]
pub enum Offer {
    /// It cannot: it has no keys, or there is no practice. Nothing is asked then.
    No,
    /// Not known yet.
    Unknown,
    /// That could not be found out.
    Failed(Problem),
    /// It can.
    Yes,
}

/// Who writes.
#[derive(Clone, Debug, PartialEq)]
pub enum Writer {
    /// Not known yet.
    Unknown,
    /// Somebody without an account, or not signed in.
    Guest,
    /// Somebody who is signed in.
    Member(Rc<Me>),
    /// That could not be found out.
    Failed(Problem),
}

/// Telling a practice something with a booking.
#[derive(Clone, PartialEq)]
pub struct Intake {
    /// Whether it can be told anything.
    pub offer: Offer,
    /// Who writes.
    pub writer: Writer,
    /// Their keys, if they have an account.
    pub door: VaultDoor,
    /// What they have written.
    pub form: Rc<IntakeForm>,
    /// Changes it.
    pub on_action: Callback<IntakeAction>,
    /// The collection notice, when it is there.
    pub notice: Option<Result<Rc<ConsentText>, Problem>>,
    /// Asks again for what could not be loaded.
    pub on_reload: Callback<()>,
    /// Asks again who is signed in, such as after they have made keys in another tab.
    pub on_ask: Callback<()>,
}

impl Intake {
    /// Whether there are fields to write in.
    pub fn is_open(&self) -> bool {
        if self.offer != Offer::Yes {
            return false;
        }
        match self.writer {
            Writer::Guest => true,
            Writer::Member(_) => self.door.is_open(),
            Writer::Unknown | Writer::Failed(_) => false,
        }
    }

    /// What is wrong with what was written. What the practice needs to know is asked for only where it can be told.
    pub fn check(&self) -> Vec<FieldError> {
        self.form.check(self.is_open())
    }

    /// Who signs in with an account; none for a guest.
    pub fn member(&self) -> Option<&Rc<Me>> {
        match &self.writer {
            Writer::Member(me) => Some(me),
            Writer::Unknown | Writer::Guest | Writer::Failed(_) => None,
        }
    }

    /// Whether a member has made no keys, and so cannot seal anything.
    pub fn lacks_keys(&self) -> bool {
        self.member().is_some() && self.door.keys == Keys::Absent
    }
}

/// For a time that is held.
#[hook]
pub fn use_intake(hold: &Hold) -> Intake {
    let (version, on_reload) = use_version();
    let practice = hold.role.organization_id.filter(|_| hold.note_ticket.is_some());
    let keys = use_private_api_if::<Option<PublishedKeys>>(practice.map(sealed::get_practice_keys), version);
    let offer = match (practice, keys) {
        (None, _) => Offer::No,
        (Some(_), None) => Offer::Unknown,
        // What they are is looked at when something is sealed to them.
        (Some(_), Some(Ok(keys))) if keys.is_some() => Offer::Yes,
        (Some(_), Some(Ok(_))) => Offer::No,
        (Some(_), Some(Err(problem))) => Offer::Failed(problem),
    };
    let notice_path = (offer == Offer::Yes).then(sealed::get_intake_consent);
    let notice = use_private_api_if::<ConsentText>(notice_path, version);
    let standing = use_standing();
    let writer = match standing.standing {
        Standing::Unknown => Writer::Unknown,
        Standing::SignedOut => Writer::Guest,
        Standing::SignedIn(me) => Writer::Member(me),
        Standing::Failed(problem) => Writer::Failed(problem),
    };
    let me = match &writer {
        Writer::Member(me) => Some(Rc::clone(me)),
        Writer::Unknown | Writer::Guest | Writer::Failed(_) => None,
    };
    let door = use_vault(me);
    let form = use_note_draft(practice, &hold.questions);
    let dispatcher = form.dispatcher();
    Intake {
        offer,
        writer,
        door,
        form: Rc::new((*form).clone()),
        on_action: Callback::from(move |action| dispatcher.dispatch(action)),
        notice,
        on_reload,
        on_ask: standing.ask,
    }
}
