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
