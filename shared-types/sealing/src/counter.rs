//! Numbers that only grow: a practice's epochs and a note's versions. Both begin at one.

use std::{fmt, num::NonZeroU32};

use crate::wire::{ParseError, Reader, Writer};

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// One.
            pub const FIRST: Self = Self(NonZeroU32::MIN);

            /// None for zero.
            pub fn new(number: u32) -> Option<Self> {
                NonZeroU32::new(number).map(Self)
            }

            /// The number, from one.
            pub fn get(self) -> u32 {
                self.0.get()
            }

            /// The one after; none after the last of four thousand million.
            pub fn next(self) -> Option<Self> {
                self.0.checked_add(1).map(Self)
            }

            pub(crate) fn write(self, writer: &mut Writer) {
                writer.u32(self.get());
            }

            pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
                Self::new(reader.u32()?).ok_or(ParseError::NotCanonical($what))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counter! {
    /// Which of a practice's mailbox keys. A new one begins whenever somebody leaves, and once a year.
    Epoch, "an epoch of zero"
}

counter! {
    /// Which version of a note; a correction is a higher one.
    NoteVersion, "a note version of zero"
}
