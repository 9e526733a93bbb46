-- What is booked, as a practice's calendar shows it. $1 some appointments, or else: $2 roles, $3 from, $4 until.
select
    appointment.appointment_id as "appointment_id!: AppointmentId",
    appointment.booking_id as "booking_id!: BookingId",
    appointment.practitioner_role_id as "practitioner_role_id!: PractitionerRoleId",
    role.name as "practitioner_name!", role.time_zone as "time_zone!",
    appointment.version as "version!", appointment.status as "status!", appointment.reason,
    appointment.appointment_type as "appointment_type!: Json<AppointmentType>",
    appointment.policy as "policy!: Json<CancellationPolicy>",
    appointment.late_fee_cents as "late_fee_cents!: AudCents",
    appointment.starts_at as "starts_at!", appointment.ends_at as "ends_at!",
    nullif(appointment.time_zone, role.time_zone) as "booked_zone?",
    appointment.reply_by, appointment.attendance_confirmed_at,
    appointment.completed_at, appointment.presumed as "presumed!",
    appointment.quote as "quote: Json<Quote>", appointment.claim_lodged_at, appointment.payment_step,
    payment.status as "payment_status?", payment.captured_cents - payment.refunded_cents as "left_cents?: AudCents",
    asked.asked_at as "mistake_asked_at?",
    proposal.proposal_id as "proposal_id?: ProposalId", proposal.starts_at as "proposed_start?",
    proposal.ends_at as "proposed_end?", proposal.expires_at as "answer_until?",
    not_taken.starts_at as "not_taken_start?", not_taken.status as "not_taken_status?",
    coalesce(lower(own.during), lower(shared.during)) as taken_from,
    coalesce(upper(own.during), upper(shared.during)) as taken_until,
    coalesce(own.lane > 0, false) as "fitted_in!",
    party.name as "name!", party.preferred_name, party.date_of_birth as "date_of_birth!", party.email as "email!",
    party.mobile as "mobile!", party.wants_texts as "wants_texts!",
    party.visit_street, party.visit_locality, party.visit_postcode,
    party.patient_id as "patient_id: PatientId", party.series_id,
    seat.group_session_id as "group_session_id?: GroupSessionId", seat.seats as "group_seats?",
    (
        select count(*) from bookings.group_seat beside
        where beside.group_session_id = seat.group_session_id and beside.appointment_id is not null
    ) as "seats_taken!",
    exists (
        select from bookings.dispute where dispute.appointment_id = appointment.appointment_id and dispute.status = 'open'
    ) as "disputed!",
    -- Only of what can be held against the practice it matters who said so.
    case when appointment.status = 'no_show_provider' then (
        select transition.taken_by = 'patient' from bookings.appointment_transition transition
        where transition.appointment_id = appointment.appointment_id and transition.to_status = appointment.status
            and transition.from_status <> transition.to_status
        order by transition.version desc limit 1
    ) end as said_by_patient,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'resource_id', used.resource_id, 'kind', thing.kind, 'name', thing.name, 'retired', thing.retired_at is not null
        ) order by thing.name, used.resource_id), '[]')
        from bookings.reservation used join bookings.practice_resource thing using (resource_id)
        where used.appointment_id = appointment.appointment_id or used.group_session_id = seat.group_session_id
    ) as "resources!: Json<Vec<PracticeResource>>"
from bookings.appointment
join bookings.appointment_party party on party.booking_id = appointment.booking_id
join bookings.role on role.practitioner_role_id = appointment.practitioner_role_id
left join bookings.payment_standing payment on payment.booking_id = appointment.booking_id
-- Only the version that was asked about can be agreed to.
left join bookings.mistake_request asked
    on asked.appointment_id = appointment.appointment_id and asked.status = 'asked'
        and asked.appointment_version = appointment.version
-- A booking has one that is open at most; whether its time is up, its reader knows.
left join bookings.proposal
    on proposal.booking_id = appointment.booking_id and proposal.status = 'open'
        and proposal.appointment_id = appointment.appointment_id
-- What was proposed last, where the patient keeps the time that they have.
left join lateral (
    select last.starts_at, last.status from bookings.proposal last
    where last.appointment_id = appointment.appointment_id
    order by last.proposed_at desc, last.proposal_id desc limit 1
) not_taken on not_taken.status in ('refused', 'lapsed')
left join bookings.reservation own
    on own.appointment_id = appointment.appointment_id and own.resource_id = role.resource_id
-- A participant of a group has a seat, and the session has the time.
left join bookings.group_seat seat on seat.appointment_id = appointment.appointment_id
left join bookings.reservation shared
    on shared.group_session_id = seat.group_session_id and shared.resource_id = role.resource_id
where appointment.appointment_id = any($1)
    or (
        $1::uuid[] is null
        and appointment.practitioner_role_id = any($2)
        and appointment.status <> 'rescheduled'
        -- None lasts a day; the index can use this, and the next two conditions are exact.
        and appointment.starts_at > $3::timestamptz - interval '1 day'
        and appointment.starts_at < $4
        and appointment.ends_at > $3
    )
order by appointment.starts_at, appointment.appointment_id
