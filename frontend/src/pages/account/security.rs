//! How one signs in, and where one is signed in.

mod authenticator;
mod email;
mod passkeys;
mod password;
mod sessions;

use std::rc::Rc;

use shared_types::users::Me;
use yew::prelude::*;

use self::{
    authenticator::Authenticator, email::EmailSection, passkeys::Passkeys, password::PasswordSection,
    sessions::Sessions,
};
use super::{OnlySignedIn, Own, back_to_account};
use crate::{hooks::use_head, pages::hold::private_head};

const TITLE: &str = "Signing in and security";

/// Where the page is, for coming back to it.
const PATH: &str = "/account/security";

/// The page.
#[component]
pub fn SecurityPage() -> Html {
    use_head(private_head(TITLE));
    let render = Callback::from(|me: Rc<Me>| {
        let me = Own(me);
        html! {
            <>
                <Passkeys me={me.clone()} />
                <Authenticator me={me.clone()} />
                <PasswordSection me={me.clone()} />
                <EmailSection {me} />
                <Sessions />
                { back_to_account() }
            </>
        }
    });
    html! { <OnlySignedIn title={TITLE} path={PATH} {render} /> }
}
