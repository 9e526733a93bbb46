# Letters about money. They name no practitioner.
money-amount = Amount
money-appointment = Appointment
money-message = This message is about a payment of yours, so it cannot be switched off.
money-see-it = See it with the link in our first message about the appointment, or in your account: { $page }
money-not-booked = Nothing was booked, and there is nothing that you have to do.
money-not-booked-nor-owed = Nothing was booked, and you owe nothing.

# Why a card was not charged.
failure-declined = Your bank said no and gave no reason.
failure-too-little = There was not enough money on the account.
failure-expired = The card is out of date.
failure-to-show = Your bank wants you to show that it is you.
failure-not-finished = The payment was not finished.
failure-let-go = Your bank let go of the money before the visit.
failure-no-answer = Our payment processor did not answer.

# That a card was not charged.
failed-heading = Your card was not charged
failed-or-cancelled = Give another card in time. Otherwise the appointment is cancelled, without charge.
failed-or-settled = Give another card in time. Otherwise you settle it with the practice.

# That money is on its way back, and why.
refund-heading = Your money is on its way back
refund-how = It goes to the card that you paid with, and your bank needs up to ten days.
refund-receipt = Where you had a receipt, an adjustment note is put beside it.
refund-cancelled = The appointment was cancelled or moved.
refund-not-given = The appointment did not take place.
refund-too-late = Your payment came when the appointment did not stand any more.
refund-fee-waived = The fee is not owed.
refund-bulk-billed = The visit is bulk billed: Medicare pays all of it.
refund-mistake = More was charged than was agreed.
refund-goodwill = The practice gives it back.

# That it came too late for the time to be booked.
too-late-subject = Your money is on its way back: the time on { $start } was not booked
too-late-why = Your payment came when the time was no longer kept for you, so nothing was booked.
too-late-link = Find a time and book again

# That a bank did not take what was on its way back.
not-refunded-heading = Your money did not reach your card
not-refunded-why = Your bank sent back what was on its way to you, as banks do when a card was replaced or an account closed.
not-refunded-bulk-billed = The practice sees this. Until you have it back, your visit is not bulk billed.
not-refunded-owed = It is still owed to you. The practice sees this too.
not-refunded-how = Ask the practice to pay you in another way. It does so without your card's number: never send that to anybody.

# That the practice asks for a higher price.
asked-heading = The practice asks for a higher price
asked-again = You agreed to one before, and your card was not charged for it, so you are asked again.
asked-nothing-more = Nothing more than you agreed to is charged unless you agree. You need not.
asked-agreed = You agreed to
asked-total = It asks for

# That a receipt can be fetched.
receipt-heading = Your receipt is there

# That a fee, or the rest of a price, could not be charged.
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

# Assignments of benefit: what is asked, and what became of it. They name no item.
benefit-asked-heading = Your agreement to bulk billing
benefit-before-visit = Before your visit, read what Medicare pays for and say whether you agree.
benefit-after-visit = Read what Medicare pays for your visit and say whether you agree.
benefit-of-visits = Read what Medicare pays for your visits and say whether you agree.
benefit-no-cost = If you agree, you pay nothing. Saying no costs nothing either.
benefit-link = Read it and answer
benefit-visits-from = Visits from
benefit-proof = We ask for the family name, the day of birth and the end of the mobile’s number first. Give the link to nobody.
benefit-sign-in = Sign in to read the agreement and to answer it in your account. It is for more than one visit, so a link alone does not open it.
benefit-agreed-heading = Your bulk-bill agreement is kept
benefit-agreed = You agreed that Medicare pays for this visit. You pay nothing for it.
benefit-agreed-visits = You agreed that Medicare pays for your visits until the agreement’s last day. You pay nothing for them, and are not asked before each. You can take it back at any time for visits to come.
benefit-withdrawn-heading = Your bulk-bill agreement is withdrawn
benefit-withdrawn = Nothing is claimed on it any more. Talk with the practice about how you want to pay.
benefit-withdrawn-visits = No visit that is still to come is claimed on it. Visits that you have had stay bulk billed. Talk with the practice about how you want to pay for others.
benefit-copy = See your copy with the link in our first message about the appointment, or in your account: { $page }
benefit-copy-visits = See your copy in your account: { $page }
