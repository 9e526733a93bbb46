# What devices show of a notice, on a locked screen as well. It tells nothing of what an appointment is for, and is what the site says.

notice-requested = You asked for an appointment
notice-confirmed = Your appointment is confirmed
notice-moved = Your appointment has moved
notice-cancelled = Your appointment does not take place
notice-time-proposed = The practice proposes another time
notice-time-offered = A time is kept for you for a while
notice-reminder = You have an appointment
notice-running-late = Your appointment is likely to begin later than booked
notice-on-time = Your appointment is likely to begin on time after all
notice-time-refused = A patient keeps their time and did not take the one that you proposed
notice-time-unanswered = A patient did not answer and keeps their time, not the one that you proposed
notice-letter-undelivered = An e-mail about your appointment could not be delivered
notice-when = { $start }, { $zone }
