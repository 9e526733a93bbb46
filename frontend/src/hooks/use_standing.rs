//! Whether somebody is signed in, asked once after hydration and kept for every page.

use std::rc::Rc;

use shared_types::{Problem, users::Me};
use yew::{platform::spawn_local, prelude::*};

use crate::{account, api::use_api_client};

/// What is known of whoever sits before the screen.
#[derive(Clone)]
pub enum Standing {
    /// Not asked yet; the server renders this.
    Unknown,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn(Rc<Me>),
    /// It could not be found out.
    Failed(Problem),
}

impl PartialEq for Standing {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown) | (Self::SignedOut, Self::SignedOut) => true,
            (Self::SignedIn(one), Self::SignedIn(another)) => Rc::ptr_eq(one, another),
            (Self::Failed(one), Self::Failed(another)) => one == another,
            (Self::Unknown | Self::SignedOut | Self::SignedIn(_) | Self::Failed(_), _) => false,
        }
    }
}

/// The standing, and a way to ask again after signing in or out.
#[derive(Clone, PartialEq)]
pub struct StandingContext {
    /// What is known.
    pub standing: Standing,
    /// Asks again.
    pub ask: Callback<()>,
}

/// Asks after hydration, and whenever told to. For the shell, which gives it to every page.
#[hook]
pub fn use_standing_source() -> StandingContext {
    let client = use_api_client();
    let standing = use_state(|| Standing::Unknown);
    let ask = {
        let standing = standing.setter();
        Callback::from(move |()| {
            let (client, standing) = (client.clone(), standing.clone());
            spawn_local(async move {
                standing.set(match account::find_me(&client).await {
                    Ok(Some(me)) => Standing::SignedIn(Rc::new(me)),
                    Ok(None) => Standing::SignedOut,
                    Err(problem) => Standing::Failed(problem),
                });
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    StandingContext { standing: (*standing).clone(), ask }
}

/// What the shell knows.
#[hook]
pub fn use_standing() -> StandingContext {
    use_context::<StandingContext>()
        .unwrap_or_else(|| StandingContext { standing: Standing::Unknown, ask: Callback::noop() })
}
