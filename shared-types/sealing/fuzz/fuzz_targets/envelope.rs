//! Whatever arrives, an envelope is read as it is written, or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sealing::envelope::Envelope;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(envelope) = Envelope::parse(bytes) {
        assert_eq!(envelope.to_bytes(), bytes);
        let _ = envelope.verify_signature();
    }
});
