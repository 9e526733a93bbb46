//! The programs for the browser, each with the pages that it shows. [`crate::app`] says of every page in which it is: what
//! a bundle does not show is not linked into its Wasm.

use yew::prelude::*;

use crate::{browser, routes::Bundle};

/// Makes the pages that one bundle shows. Where one of another bundle is asked for, the address is loaded, so that the
/// server sends that one; links and [`browser::navigate`] do so by themselves and never come here.
pub trait Shows: 'static {
    /// Which bundle it is.
    const BUNDLE: Bundle;

    /// A page that runs no script where it is loaded.
    fn no_script(_: impl FnOnce() -> Html) -> Html {
        elsewhere()
    }

    /// A page for looking for care.
    fn find(_: impl FnOnce() -> Html) -> Html {
        elsewhere()
    }

    /// A page for booking.
    fn book(_: impl FnOnce() -> Html) -> Html {
        elsewhere()
    }

    /// A page of an account or a practice.
    fn member(_: impl FnOnce() -> Html) -> Html {
        elsewhere()
    }
}

/// [`Bundle::Find`].
pub enum Find {}

impl Shows for Find {
    const BUNDLE: Bundle = Bundle::Find;

    fn find(page: impl FnOnce() -> Html) -> Html {
        page()
    }
}

/// [`Bundle::Book`].
pub enum Book {}

impl Shows for Book {
    const BUNDLE: Bundle = Bundle::Book;

    fn book(page: impl FnOnce() -> Html) -> Html {
        page()
    }
}

/// [`Bundle::Member`], and the server.
pub enum Member {}

impl Shows for Member {
    const BUNDLE: Bundle = Bundle::Member;

    fn no_script(page: impl FnOnce() -> Html) -> Html {
        page()
    }

    fn find(page: impl FnOnce() -> Html) -> Html {
        page()
    }

    fn book(page: impl FnOnce() -> Html) -> Html {
        page()
    }

    fn member(page: impl FnOnce() -> Html) -> Html {
        page()
    }
}

fn elsewhere() -> Html {
    html! { <Elsewhere /> }
}

/// A page of another bundle, on its way.
#[component]
pub(crate) fn Elsewhere() -> Html {
    use_effect_with((), |()| browser::load_again());
    html! {
        <main id="main" tabindex="-1" aria-busy="true"></main>
    }
}
