//! Changing the password of an account. The old one counts until the server has said yes to the new one: everything
//! that can go wrong before that goes wrong in the browser, and then nothing was sent.
//!
//! 1. The present password is derived, as the server says how.
//! 2. Where it wraps the account's keys, they are opened with it: a wrong password ends here.
//! 3. The new password is derived, and wraps the keys.
//! 4. Both proofs and the new wrap go to the server, which takes all of it or nothing.

use shared_types::{
    AccountId, Problem,
    personal::Personal,
    users::{AccountKeys, ChangePassword, EmailOnly, Kdf, Me, WrappedBy},
    vault::{Door, VaultReply, VaultRequest},
};

use super::refused;
use crate::{
    api::{ApiClient, users},
    breached, browser,
    forms::attempt::outcome_is_open,
    vault,
};

/// The present password and the one to be, as typed.
pub struct Passwords {
    /// The one that counts now.
    pub current: String,
    /// The one that is to count.
    pub new: String,
}

/// Changes the password of whoever is signed in.
///
/// # Errors
/// `/problems/invalid` with the field `/password` for a new password that was stolen somewhere, `/problems/wrong-sign-in`
/// for a wrong present one, `/problems/sign-in-again`, the service's other problems, or the vault's.
pub async fn change_password(client: &ApiClient, me: &Me, passwords: Passwords) -> Result<(), Problem> {
    let world = Real { client, me };
    let Passwords { current, new } = passwords;
    breached::refuse(client, &new).await?;
    let passwords = Passwords { current: browser::composed(&current), new: browser::composed(&new) };
    change(&world, me.account_id, me.keys.as_ref(), passwords).await?;
    vault::password_is_right();
    Ok(())
}

/// What the change speaks to: the vault and the server, or a test's stand-in for both.
trait World {
    async fn vault(&self, request: VaultRequest) -> VaultReply;
    /// How the password that counts is derived.
    async fn kdf(&self) -> Result<Kdf, Problem>;
    async fn send(&self, change: &ChangePassword) -> Result<(), Problem>;
}

struct Real<'a> {
    client: &'a ApiClient,
    me: &'a Me,
}

impl World for Real<'_> {
    async fn vault(&self, request: VaultRequest) -> VaultReply {
        vault::ask_for(self.me.account_id, request).await
    }

    async fn kdf(&self) -> Result<Kdf, Problem> {
        let email = EmailOnly { email: self.me.email.clone() };
        Ok(users::start_sign_in(self.client, &email).await?.kdf)
    }

    async fn send(&self, change: &ChangePassword) -> Result<(), Problem> {
        users::change_password(self.client, change).await
    }
}

async fn change(
    world: &impl World,
    account_id: AccountId,
    keys: Option<&AccountKeys>,
    Passwords { current, new }: Passwords,
) -> Result<(), Problem> {
    let kdf = world.kdf().await?;
    let present = VaultRequest::Password { password: current.into(), kdf: kdf.clone() };
    let (_, current_auth_key) = derived(world.vault(present.clone()).await)?;
    let wrap = open_keys(world, account_id, keys).await?;
    let changed = replace(world, current_auth_key, new, wrap).await;
    if changed.is_err() {
        // The password last derived must be the one that counts: keys made later are wrapped by it.
        world.vault(present).await;
    }
    changed
}

/// Opens the keys that the present password wraps. Says whether the new one has to wrap them.
async fn open_keys(
    world: &impl World,
    account_id: AccountId,
    keys: Option<&AccountKeys>,
) -> Result<bool, Problem> {
    let Some(keys) = keys else { return Ok(false) };
    if keys.account_key.iter().any(|copy| copy.kind == WrappedBy::Password) {
        let unlock =
            VaultRequest::Unlock { account_id, with: Door::Password, keys: keys.clone(), book: None };
        return match world.vault(unlock).await {
            VaultReply::Unlocked { .. } => Ok(true),
            reply => Err(wrong_if_closed(reply)),
        };
    }
    // After a reset no copy opens with the password. One is made again if the keys happen to be open.
    let reply = world.vault(VaultRequest::Standing).await;
    Ok(matches!(reply, VaultReply::Standing { account_id: Some(open), .. } if open == account_id))
}

/// A copy that does not open is the sign of a wrong password, and is said in the server's words for that.
fn wrong_if_closed(reply: VaultReply) -> Problem {
    use shared_types::vault::VaultRefusal::WrongKey;

    if reply == (VaultReply::Refused { why: WrongKey }) { wrong_password() } else { refused(reply) }
}

fn wrong_password() -> Problem {
    Problem::new("wrong-sign-in", 403, "That is not your present password")
        .detail("Nothing was changed. Type it as you do when you sign in.")
}

async fn replace(
    world: &impl World,
    current_auth_key: Personal<String>,
    new: String,
    wrap: bool,
) -> Result<(), Problem> {
    let (kdf, auth_key) = derived(world.vault(VaultRequest::NewPassword { password: new.into() }).await)?;
    let wrapped_key = if wrap { Some(rewrapped(world.vault(VaultRequest::Rewrap).await)?) } else { None };
    let body = ChangePassword { current_auth_key, kdf, auth_key, wrapped_key };
    match world.send(&body).await {
        Err(problem) if outcome_is_open(&problem) => settle(world, &body.kdf, problem).await,
        Err(problem) if problem.is("wrong-sign-in") => Err(wrong_password()),
        answer => answer,
    }
}

/// The answer was lost: which password counts, the server says by the salt it derives with.
async fn settle(world: &impl World, new: &Kdf, lost: Problem) -> Result<(), Problem> {
    match world.kdf().await {
        Ok(kdf) if kdf == *new => Ok(()),
        Ok(_) => Err(lost),
        Err(_) => Err(Problem::new("offline", 0, "We do not know whether your password changed").detail(
            "The answer was lost on its way. Try the new password first when you sign in; if it does not work, the \
             old one does.",
        )),
    }
}

fn derived(reply: VaultReply) -> Result<(Kdf, Personal<String>), Problem> {
    if let VaultReply::Derived { kdf, auth_key } = reply { Ok((kdf, auth_key)) } else { Err(refused(reply)) }
}

fn rewrapped(reply: VaultReply) -> Result<String, Problem> {
    if let VaultReply::Rewrapped { wrapped } = reply { Ok(wrapped.blob) } else { Err(refused(reply)) }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::VecDeque};

    use shared_types::{
        AccountId, Problem,
        users::{AccountKeys, ChangePassword, IdentityKeys, Kdf, WrappedBy, WrappedKey},
        vault::{VaultRefusal, VaultReply, VaultRequest},
    };
    use uuid::Uuid;

    use super::{Passwords, World, change};

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(1));

    /// A vault and a server that do as told, and a note of what they were asked.
    #[derive(Default)]
    struct Told {
        asked: RefCell<Vec<String>>,
        /// The salts the server names, one after the other; the last one again and again.
        salts: RefCell<VecDeque<&'static str>>,
        closed: bool,
        answer: Option<Problem>,
    }

    impl Told {
        fn saying(salts: &[&'static str]) -> Self {
            Self { salts: RefCell::new(salts.iter().copied().collect()), ..Self::default() }
        }

        fn note(&self, what: &str) {
            self.asked.borrow_mut().push(what.to_owned());
        }
    }

    fn kdf(salt: &str) -> Kdf {
        Kdf { salt: salt.to_owned(), memory_kib: 65_536, passes: 3, lanes: 1 }
    }

    impl World for Told {
        async fn vault(&self, request: VaultRequest) -> VaultReply {
            let derived = |kdf: Kdf, key: &str| VaultReply::Derived { kdf, auth_key: key.to_owned().into() };
            match request {
                VaultRequest::Password { password, kdf } => {
                    self.note(&format!("derive {}", password.expose()));
                    derived(kdf, password.expose())
                }
                VaultRequest::NewPassword { password } => {
                    self.note(&format!("derive new {}", password.expose()));
                    derived(kdf("new salt"), password.expose())
                }
                VaultRequest::Unlock { .. } => {
                    self.note("open");
                    if self.closed {
                        VaultReply::Refused { why: VaultRefusal::WrongKey }
                    } else {
                        VaultReply::Unlocked { book: None }
                    }
                }
                VaultRequest::Rewrap => {
                    self.note("wrap");
                    let wrapped = WrappedKey {
                        kind: WrappedBy::Password,
                        passkey_id: None,
                        blob: "wrap by the last one".to_owned(),
                    };
                    VaultReply::Rewrapped { wrapped }
                }
                other => panic!("nobody should ask {other:?}"),
            }
        }

        async fn kdf(&self) -> Result<Kdf, Problem> {
            let mut salts = self.salts.borrow_mut();
            let salt = if salts.len() > 1 { salts.pop_front() } else { salts.front().copied() };
            salt.map(kdf).ok_or_else(|| Problem::new("offline", 0, "No connection"))
        }

        async fn send(&self, change: &ChangePassword) -> Result<(), Problem> {
            let wrap = change.wrapped_key.as_deref().unwrap_or("no wrap");
            let (old, new) = (change.current_auth_key.expose(), change.auth_key.expose());
            self.note(&format!("send {old}, {new}, {wrap}"));
            self.answer.clone().map_or(Ok(()), Err)
        }
    }

    fn keys() -> AccountKeys {
        let copy = WrappedKey { kind: WrappedBy::Password, passkey_id: None, blob: String::new() };
        let identity = IdentityKeys { public: String::new(), wrapped: String::new() };
        AccountKeys { account_key: vec![copy], identity }
    }

    async fn changed(world: &Told, keys: Option<&AccountKeys>) -> Result<(), Problem> {
        change(world, ACCOUNT, keys, Passwords { current: "old".to_owned(), new: "fresh".to_owned() }).await
    }

    #[tokio::test]
    async fn the_keys_are_opened_by_the_old_password_and_wrapped_by_the_new_one_before_anything_is_sent() {
        let world = Told::saying(&["salt"]);
        changed(&world, Some(&keys())).await.unwrap();
        let asked =
            ["derive old", "open", "derive new fresh", "wrap", "send old, fresh, wrap by the last one"];
        assert_eq!(*world.asked.borrow(), asked);
    }

    #[tokio::test]
    async fn an_account_without_keys_sends_no_wrap() {
        let world = Told::saying(&["salt"]);
        changed(&world, None).await.unwrap();
        assert_eq!(*world.asked.borrow(), ["derive old", "derive new fresh", "send old, fresh, no wrap"]);
    }

    #[tokio::test]
    async fn a_wrong_password_is_found_out_in_the_browser_and_nothing_is_sent() {
        let world = Told { closed: true, ..Told::saying(&["salt"]) };
        let problem = changed(&world, Some(&keys())).await.unwrap_err();
        assert!(problem.is("wrong-sign-in"), "{problem:?}");
        assert_eq!(*world.asked.borrow(), ["derive old", "open"]);
    }

    #[tokio::test]
    async fn after_a_refusal_the_vault_goes_back_to_the_password_that_counts() {
        let refusal = Problem::new("sign-in-again", 403, "Sign in again first");
        let world = Told { answer: Some(refusal), ..Told::saying(&["salt"]) };
        assert!(changed(&world, None).await.unwrap_err().is("sign-in-again"));
        assert_eq!(world.asked.borrow().last().unwrap(), "derive old");
    }

    #[tokio::test]
    async fn a_lost_answer_is_settled_by_the_salt_that_counts_afterwards() {
        let lost = || Some(Problem::new("offline", 0, "No connection"));
        let arrived = Told { answer: lost(), ..Told::saying(&["salt", "new salt"]) };
        assert!(changed(&arrived, None).await.is_ok());
        let never_arrived = Told { answer: lost(), ..Told::saying(&["salt"]) };
        assert_eq!(changed(&never_arrived, None).await.unwrap_err().title, "No connection");
    }
}
