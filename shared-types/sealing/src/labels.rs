//! Every label that keeps one use of a key, a hash or a signature apart from all others, in one list.
//!
//! A label stands behind its own length, so that no label is the beginning of another. `docs/sealing-format.md` says
//! for each what follows it.

/// A use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(&'static str);

impl Label {
    /// The text.
    pub fn text(self) -> &'static str {
        self.0
    }

    /// The label behind its length, then the parts. The parts are of fixed length, or only the last is not.
    pub(crate) fn with(self, parts: &[&[u8]]) -> Vec<u8> {
        let length = u8::try_from(self.0.len()).expect("labels are short");
        let mut bytes =
            Vec::with_capacity(1 + self.0.len() + parts.iter().map(|part| part.len()).sum::<usize>());
        bytes.push(length);
        bytes.extend_from_slice(self.0.as_bytes());
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        bytes
    }
}

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        $($(#[$doc])* pub const $name: Label = Label(concat!("hellomapper/v1/", $text));)*

        /// All of them.
        pub const ALL: &[Label] = &[$($name),*];
    };
}

labels! {
    /// HKDF: what proves the password to the server.
    PASSWORD_AUTH = "password/auth",
    /// HKDF: what wraps the account key under the password.
    PASSWORD_KEK = "password/kek",
    /// HKDF: what wraps the account key under a passkey.
    PASSKEY_KEK = "passkey/kek",
    /// HKDF: what wraps the account key under the recovery code.
    RECOVERY_CODE_KEK = "recovery-code/kek",
    /// Hash: the recovery code's check letters.
    RECOVERY_CODE_CHECK = "recovery-code/check",
    /// Associated data: a wrapped account key.
    ACCOUNT_KEY_WRAP = "account-key/wrap",
    /// Associated data: what a browser remembers.
    BOOK_WRAP = "book/wrap",
    /// HKDF: from the account key to the key of one use of it.
    ACCOUNT_KEY_USE = "account-key/use",
    /// Associated data: a wrapped identity.
    IDENTITY_WRAP = "identity/wrap",
    /// Signature: these two public keys and this account belong together.
    IDENTITY_BINDING = "identity/binding",
    /// Hash: the id of a person's keys.
    IDENTITY_KEY_ID = "identity/key-id",
    /// Hash: the id of a guest's key.
    GUEST_KEY_ID = "guest/key-id",
    /// Hash: the id of a practice's mailbox key.
    MAILBOX_KEY_ID = "mailbox/key-id",
    /// Hash: the id of a practice's recovery key.
    RECOVERY_KEY_ID = "mailbox/recovery-key-id",
    /// HPKE: a mailbox key for one holder.
    MAILBOX_GRANT = "mailbox/grant",
    /// Signature: an owner gave this.
    MAILBOX_GRANT_SIGNATURE = "mailbox/grant-signature",
    /// Signature: this person works here.
    STAFF_CERTIFICATE = "mailbox/staff-certificate",
    /// Hash: the check letters of a recovery share.
    RECOVERY_SHARE_CHECK = "mailbox/recovery-share-check",
    /// Hash: who can open an envelope.
    ENVELOPE_RECIPIENTS = "envelope/recipients",
    /// HKDF: shows which content key was meant, without showing the key.
    ENVELOPE_COMMITMENT = "envelope/commitment",
    /// HKDF: what the content is encrypted with.
    ENVELOPE_CONTENT_KEY = "envelope/content-key",
    /// Associated data: the content.
    ENVELOPE_CONTENT = "envelope/content",
    /// HPKE: the content key for one recipient.
    ENVELOPE_RECIPIENT = "envelope/recipient",
    /// Signature: the whole envelope.
    ENVELOPE_SIGNATURE = "envelope/signature",
    /// Signature: a leaf of the key directory.
    LEAF_SIGNATURE = "directory/leaf-signature",
    /// Signature: the former key vouches for a new one.
    LEAF_VOUCHER = "directory/leaf-voucher",
    /// Hash: how a leaf names the one before it.
    LEAF_HASH = "directory/leaf-hash",
    /// Hash: the digits people compare.
    FINGERPRINT = "directory/fingerprint",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALL, FINGERPRINT};

    #[test]
    fn no_label_is_used_twice() {
        assert_eq!(ALL.iter().map(|label| label.text()).collect::<BTreeSet<_>>().len(), ALL.len());
    }

    #[test]
    fn a_label_stands_behind_its_length() {
        let bytes = FINGERPRINT.with(&[b"ab", b"c"]);
        assert_eq!(usize::from(bytes[0]), FINGERPRINT.text().len());
        assert!(bytes.ends_with(b"fingerprintabc"));
    }

    #[test]
    fn the_format_page_explains_every_label() {
        let page = include_str!("../../../docs/sealing-format.md");
        for label in ALL {
            assert!(page.contains(&format!("`{}`", label.text())), "{}", label.text());
        }
    }
}
