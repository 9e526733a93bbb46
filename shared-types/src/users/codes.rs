//! The names of roles, scopes and the like in the database: the same as on the wire.

use super::{
    AccessNeed, ContactChannel, DelegationBasis, DelegationScope, GrantCategory, InvitationKind,
    PlatformRole, StaffRole,
};

macro_rules! codes {
    ($($type:ident { $($variant:ident => $code:literal,)* })*) => {$(
        impl $type {
            /// The name in the database and on the wire.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Reads [`Self::code`].
            pub fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}

codes! {
    AccessNeed {
        Interpreter => "interpreter",
        StepFree => "step_free",
        Hearing => "hearing",
        Vision => "vision",
        QuietSpace => "quiet_space",
        MoreTime => "more_time",
        SupportPerson => "support_person",
        AssistanceAnimal => "assistance_animal",
    }
    ContactChannel {
        Email => "email",
        Sms => "sms",
    }
    DelegationBasis {
        Parent => "parent",
        Consent => "consent",
    }
    DelegationScope {
        Appointments => "appointments",
        Intake => "intake",
        Payments => "payments",
        Details => "details",
    }
    GrantCategory {
        PersonAsked => "person_asked",
        Fault => "fault",
        Safety => "safety",
        LegalDuty => "legal_duty",
    }
    InvitationKind {
        Staff => "staff",
        Carer => "carer",
        CaredFor => "cared_for",
        OwnRecord => "own_record",
    }
    PlatformRole {
        Support => "support",
        Moderator => "moderator",
        Administrator => "administrator",
    }
    StaffRole {
        Practitioner => "practitioner",
        Reception => "reception",
        Billing => "billing",
        Manager => "manager",
        Owner => "owner",
    }
}

#[cfg(test)]
mod tests {
    use super::{DelegationScope, PlatformRole, StaffRole};

    #[test]
    fn the_names_are_those_on_the_wire() {
        for role in StaffRole::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.code());
            assert_eq!(StaffRole::from_code(role.code()), Some(role));
        }
        for role in PlatformRole::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.code());
        }
        for scope in DelegationScope::ALL {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.code());
        }
        assert_eq!(StaffRole::from_code("Owner"), None);
    }
}
