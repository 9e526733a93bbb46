# Dates, times of day, zones and amounts of money. What a message can be made of stands above it; a language takes what it needs, in its
# own order, and may have messages of its own to make these of.

# Of $weekday, $day, $month and $year: numbers. Monday is 1.
date-long = { weekday-long } { $day } { month-long } { $year }
date-no-year = { weekday-long } { $day } { month-long }
# Where every letter counts.
date-short = { weekday-short } { $day } { month-short }

weekday-long = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
weekday-short = { $weekday ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}
month-long = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

# Of $hour, a number from 0 to 23; $hour12, one from 1 to 12, and $half, which is am or pm; and $minute in two digits.
time-of-day = { $hour12 }:{ $minute } { $half ->
    [am] am
   *[pm] pm
}
# Of a $date and a $time.
date-and-time = { $date }, { $time }
# Of the $first date and the time $from which, the $last date and the time $until which, and the $zone.
span-in-a-day = { $first }, { $from } to { $until }, { $zone }
span-over-midnight = { $first }, { $from } to { $last } { $until }, { $zone }

# Of the $place whose clocks they are: Lord Howe; or of its $key, to tell places apart by: Lord_Howe.
zone-time = { $place } time
# Of a $zone and its $offset: UTC+10:30.
zone-and-offset = { $zone } ({ $offset })

# Of Australian $dollars, and of $cents in two digits; $sign is a minus, or nothing.
amount-whole = { $sign }${ $dollars }
amount-with-cents = { $sign }${ $dollars }.{ $cents }
