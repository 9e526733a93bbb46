-- Why a bulk-billed visit was none after all: entered in error, called off, or one side did not come. What Medicare has for it stays
-- there until somebody asks to have it back, whichever it was, so this takes the place of when one was entered in error.
alter table payments.claimant
    add column no_visit text,
    add constraint claimant_no_visit check (no_visit in ('entered_in_error', 'called_off', 'no_show', 'practitioner_absent'));
update payments.claimant set no_visit = 'entered_in_error' where entered_in_error_at is not null;
alter table payments.claimant drop column entered_in_error_at;
