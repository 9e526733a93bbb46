# Text messages. One part is 160 letters.
sms-reminder = { $sender }: appointment on { $start } ({ $zone }). To move or cancel it, use our first e-mail about it.
sms-reminder-no-mail = { $sender }: appointment on { $start } ({ $zone }). To move or cancel it, call the practice.
sms-reminder-phone = { $sender }: appointment on { $start } ({ $zone }). To move or cancel it, call { $phone }.
sms-reminder-practice = { $sender }: appointment at { $practice } on { $start } ({ $zone }). To move or cancel it, call { $phone }.

# After those, where answers reach us; and what comes back to them.
sms-answers = Reply Y if you will come, N if not, STOP for no more texts.
# After those to whoever has an account, where no answer reaches us.
sms-end = To end texts: { $page }
sms-how-to-cancel = { $sender }: nothing is cancelled yet. This page makes sure that it is you, says what cancelling costs and lets you cancel: { $link }
sms-not-read = { $sender }: we could not tell what you mean; nothing was changed. Use the links in our e-mails, or call the practice.

# That an appointment is likely to begin late, or on time after all.
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
# To a guest, who has none.
sms-practice = For details, call the practice.
