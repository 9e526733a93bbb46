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

# Text messages. One part is 160 letters.
sms-reminder = { $sender }: appointment on { $start } ({ $zone }). To move or cancel it, use our first e-mail about it.
sms-reminder-phone = { $sender }: appointment on { $start } ({ $zone }). To move or cancel it, call { $phone }.
sms-reminder-practice = { $sender }: appointment at { $practice } on { $start } ({ $zone }). To move or cancel it, call { $phone }.

# After those, where answers reach us; and what comes back to them.
sms-answers = Reply Y if you will come, N if not, STOP for no more texts.
sms-how-to-cancel = { $sender }: nothing is cancelled yet. This page makes sure that it is you, says what cancelling costs and lets you cancel: { $link }
sms-not-read = { $sender }: we could not tell what you mean; nothing was changed. Use the links in our e-mails, or call the practice.

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
sms-late = { $sender }: your appointment on { $start } ({ $zone }) is likely to begin about { $minutes } minutes later than booked. Please still come on time unless your practice tells you otherwise.
sms-on-time = { $sender }: your appointment on { $start } ({ $zone }) is likely to begin as booked after all. Please come on time.

# What a text message says in the place of a letter that could not be delivered. It names nobody and says no reason.
sms-this-appointment = your appointment on { $start } ({ $zone })
sms-an-appointment = an appointment of yours
sms-requested = { $sender }: the practice has your request for an appointment and answers first.
sms-confirmed = { $sender }: { $appointment } is confirmed.
sms-series = { $sender }: your appointments are confirmed.
sms-moved = { $sender }: an appointment of yours has moved.
sms-now = It is now on { $start } ({ $zone }).
sms-cancelled = { $sender }: { $appointment } will not take place.
sms-proposed = { $sender }: the practice proposes another time for { $appointment }. It stands until you agree.
sms-offered = { $sender }: a time that you wait for is held for you.
sms-presumed = { $sender }: { $appointment } counts as having taken place. If it did not, please say so soon.
sms-no-show = { $sender }: it is noted that you did not come to { $appointment }. If it was otherwise, please say so soon.
sms-disputed = { $sender }: the practice disputes what you told us about { $appointment }.
sms-decided = { $sender }: a dispute about { $appointment } is decided.
sms-not-charged = { $sender }: your card was not charged for { $appointment }.
sms-fee = { $sender }: the fee for { $appointment } could not be charged.
sms-balance = { $sender }: the rest of the price of { $appointment } could not be charged.
sms-refund = { $sender }: money that you paid is on its way back.
sms-refund-failed = { $sender }: money that was on its way back did not reach your card.
sms-higher-price = { $sender }: the practice asks for a higher price for { $appointment }.
sms-receipt = { $sender }: the receipt for { $appointment } is there.
sms-benefit = { $sender }: you are asked to assign your Medicare benefit for { $appointment }.
sms-benefit-changed = { $sender }: there is news about your Medicare benefit for { $appointment }.
sms-agreement = { $sender }: you are asked to assign your Medicare benefit for your visits to a practice.
sms-agreement-changed = { $sender }: there is news about your Medicare benefit for your visits to a practice.
sms-until = Please answer by { $until }.
sms-until-zone = Please answer by { $until } ({ $zone }).
sms-account = Details are in your account.

# Letters about money that came too late, and about a fee or the rest of a price that could not be charged. They name no practitioner.
money-amount = Amount
money-appointment = Appointment
money-message = This message is about a payment of yours, so it cannot be switched off.
too-late-subject = Your money is on its way back: the time on { $start } was not booked
too-late-heading = Your money is on its way back
too-late-why = Your payment came when the time was no longer kept for you, so nothing was booked.
too-late-how = It goes to the card that you paid with, and your bank needs up to ten days.
too-late-receipt = Where you had a receipt, an adjustment note is put beside it.
too-late-link = Find a time and book again
fee-late-subject = Not charged: the fee for cancelling your appointment on { $start }
fee-late-heading = The fee for cancelling late could not be charged
fee-absent-subject = Not charged: the fee for your appointment on { $start }
fee-absent-heading = The fee for an appointment that you did not come to could not be charged
fee-pay = You can pay it with another card: use the link in our first message about the appointment, or your account.
fee-otherwise = If you do not, you settle it with the practice.
fee-dispute = If you should not owe it, say so in the same place within { $days } days of when it was noted, or ask the practice to let it go.
fee-card-by = Another card by
fee-link = See it in your account
balance-subject = Not charged: the rest of the price of your appointment on { $start }
balance-heading = The rest of the price that you agreed to could not be charged
balance-agreed = You agreed to a higher price than was quoted. What was charged before counts; this much of it is still to be paid.
balance-otherwise = If you do not, you settle it with the practice. The appointment itself stays as it is.

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
