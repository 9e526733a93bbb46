# Letters about an account. They name nobody, and nothing of what the account holds.

account-message = This message is about your account, so it cannot be switched off.
account-device = It was { $device }.
account-link-minutes = The link works for { $minutes } minutes, once.
account-link-hour = The link works for one hour, once.
account-link-hours = The link works for { $hours } hours, once.
# What to do when it was somebody else.
account-not-me-link = If that was not you, you need do nothing. Give the link to nobody, not even to us.
account-not-me-sign-in = If that was not you, sign out everywhere and change your password, or tell us.
account-not-me-closed = If that was not you, write to us at once.

verify-email-heading = Confirm your e-mail address
verify-email-said = Somebody signed up with this address. Follow the link to complete it.
verify-email-link = Confirm and open the account
account-exists-heading = You already have an account
account-exists-said = Somebody tried to use this address for an account. It has one already, and nothing was changed.
account-exists-link = Choose a new password, if you forgot yours
reset-password-heading = Choose a new password
reset-password-said = What is sealed stays closed until you also enter your recovery code, or sign in with a passkey.
reset-password-link = Choose a new password
change-email-heading = Confirm your new e-mail address
change-email-said = Somebody asked to use this address for their account from now on.
change-email-link = Use this address
new-device-heading = A new sign-in to your account
new-device-said = Somebody signed in to your account.
signed-in-link = See where you are signed in
password-changed-heading = Your password was changed
password-changed-said = Other places were signed out.
email-changed-heading = Your e-mail address was changed
email-changed-said = Your account uses another address now, and this one no longer.
email-changed-link = See your account
sign-in-changed-heading = How you sign in was changed
sign-in-changed-said = A passkey, the authenticator app or the recovery codes of your account were changed.
sign-in-changed-link = See how you sign in
session-ended-heading = We signed you out in one place
session-ended-said = A cookie of that place was used twice, which can mean that somebody copied it.
account-closed-heading = Your account is closed
account-closed-said = Everything that no law keeps is erased. Practices keep the record of your appointments, and appointments to come still stand.
account-closed-link = What is kept, for how long, and how to complain

# That a time is held for somebody who waits.
offered-heading = A time is held for you
offered-said = A time that you wait for has become free. It is held for you, and nobody else can take it meanwhile.
offered-link = See the time, and take it or let it go
offered-kept = It is kept for { $minutes } minutes from when we wrote this.
offered-otherwise = If you let it go or do not answer, the next one who waits is asked. You keep your place for other times.

# What staff of a practice, and administrators, are told. Whose appointment it is stands in no mail.
practice-calendar-link = Sign in and answer in the practice’s calendar
practice-unnamed = Whose appointment it is stands in no mail.
statement-heading = A patient has added a statement
statement-said = A patient of a practice that you work for does not agree with something in their booking record, and has put a statement beside it.
statement-link = Sign in and read it with the appointment
statement-otherwise = What it says and whose it is stands in no mail. It stays with the record: answer the patient, or put the record right.
# Until when a practice can answer, and on whose clocks.
practice-answer-until = You can answer until { $until }, { $zone }.
practice-request-heading = A patient asks for a time
practice-request-said = A patient asks for a time with a practice that you work for, and waits for an answer. A request that nobody answers in time ends by itself.
practice-request-link = Sign in and answer the request
practice-absence-heading = A patient says that nobody was there
practice-absence-said = A patient says that nobody was there for them at a practice that you work for. Unless you dispute that, it stands: nothing is owed, and what was paid goes back.
practice-dispute-heading = Somebody disputes what was noted of an appointment
practice-dispute-said = What was noted of an appointment with a practice that you work for is disputed. You can answer until an administrator decides.
practice-decided-heading = A dispute about an appointment is decided
practice-decided-said = An administrator has decided what is noted of an appointment with a practice that you work for, and why.
practice-decided-link = Sign in and read it in the practice’s calendar
mistake-asked-heading = You are asked to agree that an appointment is a mistake
mistake-asked-said = Somebody who runs a practice with you says that an appointment never was a real one. Money or a claim hangs on it, so nothing changes until somebody else agrees.
mistake-decide-heading = A practice asks you to agree that an appointment is a mistake
mistake-decide-said = Somebody says that an appointment never was a real one, and that nobody else of the practice may agree. Money or a claim hangs on it, so nothing changes until somebody does.
sign-in-and-answer = Sign in and answer
webhook-stopped-heading = A webhook of your practice was switched off
webhook-stopped-said = An address that your practice wanted to be told at has not answered for a day, so nothing is sent there any more.
webhook-stopped-link = Sign in, see what went wrong and switch it on again
webhook-stopped-otherwise = What was not delivered is kept for a month and can be sent again.

# Letters that ask somebody to join a practice or to agree to something. They name no person.
invited-staff-heading = You are invited to join a practice
invited-staff-said = { $practice } asks you to work with it on HelloMapper.
invited-a-practice = A practice
invited-carer-heading = You are asked to look after somebody
invited-carer-said = Somebody asks you to act for them on HelloMapper. Who, and for what, you see once you are signed in.
invited-cared-for-heading = Somebody asks to act for you
invited-cared-for-said = Somebody asks for your leave to act for you on HelloMapper. Agree only if you know who asks.
invited-own-record-heading = Your own account
invited-own-record-said = A parent or guardian has kept your details on HelloMapper. From 15 you can take them over yourself.
invited-link-days = The link works for seven days, once.
invited-unexpected = If you did not expect this, you need do nothing. Give the link to nobody, not even to us.
