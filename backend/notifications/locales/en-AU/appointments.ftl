# Reminders. Facts only: nothing is praised, and nothing names a profession, a reason or an appointment type.

reminder-subject = Reminder: appointment on { $start }
reminder-heading = You have an appointment
reminder-hello = Hello { $name },
reminder-when = When
reminder-with = With
reminder-where = Where
reminder-phone = Phone
reminder-account = See, move or cancel it in your account
reminder-attend = I will come
reminder-cancel = I cannot come
reminder-links = These links are for this appointment alone and work until it begins. The second first makes sure that it is you, and says what cancelling costs before anything is cancelled.
reminder-first-message = To see, move or cancel it, use the link in our first message about it.
reminder-discreet = Your booking page also shows with whom and where it is.
reminder-early = If you cannot come, please say so early.
reminder-stop = You can choose in your account how you are reminded.
reminder-not-me = If this is not your appointment, you need do nothing more.
reminder-unsubscribe = No more reminders to this address

# That an appointment was asked for, booked, moved, cancelled or not taken.
requested-subject = Appointment requested: { $start }
requested-heading = Your request is with the practice
requested-first = The practice answers first. The time is kept for you until then.
requested-answer-by = Answer by
requested-link = See or withdraw it
confirmed-subject = Appointment confirmed: { $start }
confirmed-heading = Your appointment is confirmed
moved-subject = Appointment moved: now { $start }
moved-heading = Your appointment has moved
moved-note = Please note the new time. The old one is no longer yours.
cancelled-subject = Appointment cancelled: { $start }
cancelled-heading = Your appointment is cancelled
cancelled-no-cost = There is nothing to pay.
cancelled-late = It was cancelled late, so the practice may charge a fee, unless somebody else takes the time.
cancelled-late-fee = It was cancelled late: a fee of { $fee } is owed, unless somebody else takes the time.
cancelled-late-say-account = If that is not right, say so by { $by } in your account.
cancelled-late-say-link = If that is not right, say so by { $by }, by the link in our first message about it.
cancelled-by-practice = The practice cancelled it. There is nothing to pay.
cancelled-by-us = HelloMapper cancelled it for the practice. There is nothing to pay.
cancelled-not-kept = It did not take place. There is nothing to pay.
cancelled-mistake = It was entered by mistake. There is nothing to pay.
cancelled-unpaid = Your card could not be charged, and no other one was given in time. There is nothing to pay.
cancelled-asked-first = You come first when time frees up there. See how, and join the waitlist: { $page }
not-taken-subject = Request not taken: { $start }
not-taken-heading = Your request was not taken
not-taken-declined = The practice could not take your request. There is nothing to pay.
not-taken-expired = The practice did not answer your request in time. We are sorry. There is nothing to pay.
not-taken-another-time = You can book another time: { $page }
appointment-own-clock = On your clock
appointment-phone = Practice phone
appointment-price = Price
appointment-cancelling = Cancelling
appointment-link = See, move or cancel it
appointment-link-note = The link is yours alone. It asks for your date of birth or a code first.
appointment-not-me = If you did not make this booking, { $ways }.
appointment-not-me-nothing = If you did not make this booking, you need do nothing more.
appointment-not-me-link = open the link and cancel it
appointment-not-me-first-link = open the link in our first message about it and cancel it
appointment-not-me-reply = reply to this message
appointment-not-me-call = call the practice on { $phone }
# Between two of those.
appointment-or = { ", or " }

# What it costs, and what cancelling costs.
price-bulk-billed = No out-of-pocket cost: the practice bulk bills it
price-none = No out-of-pocket cost
price-at-practice = { $price }, paid to the practice
price-after-visit = { $price }, charged after the visit to the card that was given
price-deposit = { $price }: { $deposit } paid with the booking, the rest at the practice
price-with-booking = { $price }, paid with the booking
cancelling-no-cost = No cost, up to the start
cancelling-until = No cost until { $until }; { $fee } after that, unless somebody else takes the time

# That an appointment is likely to begin late, or on time after all.
late-subject = Likely to begin late: your appointment on { $start }
late-heading = Your appointment is likely to begin late
late-by = It is likely to begin about { $minutes } minutes later than booked.
late-come = Please still come on time unless your practice tells you otherwise.
on-time-subject = On time after all: your appointment on { $start }
on-time-heading = Your appointment is likely to begin on time
on-time-after-all = It is likely to begin as booked after all.
on-time-come = Please come on time.
service-message = This message is about an appointment of yours, so it cannot be switched off. Reminders can.

# That a practice proposes another time.
proposed-subject = Another time proposed: { $start }
proposed-heading = The practice proposes another time
proposed-stands = Your appointment stands as it is until you agree.
proposed-time = Proposed
proposed-instead-of = As it stands
proposed-answer-account = Answer in your account: { $page }
proposed-answer-link = To answer, use the link in our first message about it.

# That the visits of a series are booked.
series-subject = { $count } appointments confirmed, the first on { $start }
series-heading = Your { $count } appointments are confirmed
series-links = Each link is yours alone and for one appointment. It asks for your date of birth or a code first.
series-discreet = Their pages also show with whom and where they are.
series-not-me = If you did not agree to these appointments, { $ways }.
series-not-me-links = open the links and cancel them
series-message = This message is about appointments of yours, so it cannot be switched off. Reminders can.

# What calendars show of it. A discreet one has neither name nor phone.
calendar-appointment = Appointment
calendar-with = Appointment with { $name }
calendar-link = See, move or cancel it: { $link }
calendar-phone = Practice phone: { $phone }

# The code that shows that somebody reads the mail of whom the booking is for. The subject has no digits: it is shown on locked screens.
code-heading = Your code for your appointment
code-enter = Enter this code on the page you have open:
code-lasts = It works for { $minutes } minutes, once.
code-not-me = If you did not ask for a code, you need do nothing. Give it to nobody, not even to us.

# That a visit which nobody marked counts as having taken place.
presumed-subject = Did your visit take place? { $start }
presumed-heading = Your visit counts as having taken place
presumed-practice = The practice
presumed-why = { $practice } did not say how your visit went, so it counts as having taken place.
presumed-say = If it did not, say so by { $until }.
presumed-new-account = To do so, open an account with this address and take over the booking there.
presumed-otherwise = If it did, you need do nothing.
presumed-until = Say so until
presumed-link = See it, or say that it did not take place

# That somebody noted that the patient did not come.
no-show-subject = Noted that you did not come: your appointment on { $start }
no-show-heading = It is noted that you did not come to your appointment
no-show-why = { $practice } noted that you did not come on { $start }.
no-show-replaces = Until now your visit counted as having taken place. It does not any more.
no-show-fee = What was agreed about not coming counts: a fee of { $fee }.
no-show-no-fee = There is no fee for it.
no-show-say = If it was otherwise, say so by { $until }.
no-show-link = See it, or say that it was otherwise

# That what was noted of an appointment is disputed by the practice, and how a dispute was decided.
dispute-opened-heading = The practice disputes what you told us
dispute-decided-heading = A dispute about your appointment is decided
dispute-answer = You can answer before an administrator of HelloMapper decides.
dispute-not-held = You are right. What was noted is not held against you.
dispute-noted-stands = What the practice noted stands.
dispute-was-there = The practice is right: somebody was there for you.
dispute-told-stands = What you told us stands.
dispute-no-visit = You are right: the visit did not take place. What was taken for it goes back.
dispute-did-not-go = It is noted that you did not go. What was agreed about not coming counts; what was taken beyond it goes back.
dispute-took-place = The visit counts as having taken place.
dispute-fee = Fee
dispute-fee-none = Nothing is owed
dispute-fee-card = { $fee } stays: what was not taken from your card is owed to the practice
dispute-fee-owed = { $fee } stays owed to the practice
dispute-why-account = Read why in your account: { $page }
dispute-why-guest = To read why, open an account with this address and take over the booking there.
