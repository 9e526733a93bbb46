//! The same for everything else that the server stores.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sealing::{
    account_key::WrappedAccountKey,
    directory::{Leaf, Pin},
    identity::{IdentityKeys, WrappedIdentity},
    mailbox::{Grant, StaffCertificate},
};

macro_rules! read_as {
    ($bytes:ident: $($kind:ty),*) => {$(
        if let Ok(read) = <$kind>::parse($bytes) {
            assert_eq!(read.to_bytes(), $bytes);
        }
    )*};
}

fuzz_target!(|bytes: &[u8]| {
    read_as!(bytes: WrappedAccountKey, WrappedIdentity, IdentityKeys, Grant, StaffCertificate, Leaf, Pin);
    if let Ok(leaf) = Leaf::parse(bytes) {
        let _ = leaf.verify();
    }
});
