-- The Medicare Benefits Schedule, and who pays for what at a practice: dated rows that are loaded, never constants.
create table payments.mbs_load (
    mbs_load_id uuid constraint mbs_load_pkey primary key,
    file_name text not null,
    sha256 bytea not null,
    status text not null,
    -- The day from which it is in force.
    effective_from date not null,
    items integer not null,
    added integer not null,
    changed integer not null,
    ended integer not null,
    loaded_at timestamptz not null,
    constraint mbs_load_status check (status in ('previewed', 'applied', 'refused')),
    constraint mbs_load_sha256 check (octet_length(sha256) = 32),
    -- A file that drops more than one item in twenty is no new schedule.
    constraint mbs_load_keeps_items check (status <> 'applied' or ended * 20 <= items + ended)
);
create unique index mbs_load_applied_idx on payments.mbs_load (sha256) where status = 'applied';

create table payments.fee_item (
    item_number text not null,
    effective_from date not null,
    effective_until date,
    mbs_load_id uuid not null constraint fee_item_load_fkey references payments.mbs_load,
    category text not null,
    item_group text not null,
    sub_group text,
    description text not null,
    fee_type text not null,
    benefit_type text not null,
    schedule_fee_cents bigint,
    benefit_75_cents bigint,
    benefit_85_cents bigint,
    benefit_100_cents bigint,
    derived_fee text,
    constraint fee_item_pkey primary key (item_number, effective_from),
    constraint fee_item_number check (item_number ~ '^[0-9]{1,5}$'),
    constraint fee_item_dates check (effective_from < effective_until),
    constraint fee_item_type check (fee_type in ('fixed', 'derived')),
    constraint fee_item_fee check (
        case fee_type when 'fixed' then schedule_fee_cents >= 0 else derived_fee is not null end
    ),
    constraint fee_item_no_overlap_excl exclude using gist (
        item_number with =, daterange(effective_from, effective_until) with &&
    )
);

-- The greatest permissible gap, from the schedule's notes.
create table payments.gap_cap (
    effective_from date constraint gap_cap_pkey primary key,
    cap_cents bigint not null,
    source text not null,
    constraint gap_cap_amount check (cap_cents > 0)
);

-- Which incentive goes with bulk billing where. Modified Monash areas are a range.
create table payments.incentive_item (
    item_number text not null,
    kind text not null,
    area_from smallint not null,
    area_until smallint not null,
    effective_from date not null,
    effective_until date,
    source text not null,
    constraint incentive_item_pkey primary key (kind, area_from, effective_from),
    constraint incentive_item_kind check (kind in ('single', 'triple', 'enrolled')),
    constraint incentive_item_areas check (area_from between 1 and 7 and area_until between area_from and 7),
    constraint incentive_item_dates check (effective_from < effective_until),
    constraint incentive_item_no_overlap_excl exclude using gist (
        kind with =, int4range(area_from, area_until, '[]') with &&, daterange(effective_from, effective_until) with &&
    )
);

-- Which items are eligible where a practice bulk bills everything, and which sort of incentive goes with them.
create table payments.eligible_item (
    item_number text not null,
    effective_from date not null,
    effective_until date,
    incentive_kind text,
    source text not null,
    constraint eligible_item_pkey primary key (item_number, effective_from),
    constraint eligible_item_incentive check (incentive_kind in ('single', 'triple', 'enrolled'))
);

-- Versions of the rules of an appointment type. As the practice says: they count for that practice's own types alone.
create table payments.funding (
    organization_id uuid not null,
    appointment_type_id uuid not null,
    version integer not null,
    updated_at timestamptz not null,
    constraint funding_pkey primary key (organization_id, appointment_type_id)
);

create table payments.funding_rule (
    funding_rule_id uuid constraint funding_rule_pkey primary key,
    organization_id uuid not null,
    appointment_type_id uuid not null,
    cohort text not null,
    mode text not null,
    item_numbers text[] not null,
    fee_cents bigint not null,
    collection text not null,
    deposit_cents bigint not null,
    no_show_fee_cents bigint not null,
    tax_code text not null,
    constraint funding_rule_funding_fkey foreign key (organization_id, appointment_type_id)
        references payments.funding on delete cascade,
    constraint funding_rule_cohort_key unique (organization_id, appointment_type_id, cohort),
    constraint funding_rule_cohort check (cohort in ('veteran', 'under_16', 'concession', 'medicare', 'anyone')),
    constraint funding_rule_mode check (mode in ('private', 'bulk_billed', 'veterans')),
    constraint funding_rule_collection check (collection in ('at_practice', 'after_visit', 'deposit', 'prepaid')),
    constraint funding_rule_tax_code check (tax_code in ('free_medical', 'free_health', 'taxable')),
    constraint funding_rule_amounts check (fee_cents >= 0 and no_show_fee_cents >= 0 and deposit_cents between 0 and fee_cents),
    constraint funding_rule_deposit check ((collection = 'deposit') = (deposit_cents > 0)),
    constraint funding_rule_items check (cardinality(item_numbers) <= 14),
    -- C-52: nothing of any kind.
    constraint funding_rule_bulk_billed_is_uncharged check (
        mode <> 'bulk_billed'
        or (fee_cents = 0 and no_show_fee_cents = 0 and collection = 'at_practice' and cardinality(item_numbers) > 0)
    )
);
create index funding_rule_items_idx on payments.funding_rule using gin (item_numbers);
