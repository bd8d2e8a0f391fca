//! Dates and times of literals: reading, checking, and counting in microseconds.

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Days since 1970-01-01 of `YYYY-MM-DD`.
pub(super) fn read_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let (year, month, day) = (digits(&text[..4])?, digits(&text[5..7])?, digits(&text[8..])?);
    let exists = year >= 1 && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
    exists.then(|| days_from_civil(year, month, day))
}

/// Microseconds since midnight of `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`.
pub(super) fn read_time(text: &str) -> Option<i64> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) if clock.len() == 8 => (clock, read_fraction(fraction)?),
        Some(_) => return None,
        None => (text, 0),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.len() != 2) {
        return None;
    }
    let (hours, minutes) = (digits(parts[0])?, digits(parts[1])?);
    let seconds = parts.get(2).map_or(Some(0), |part| digits(part))?;
    let exists = hours < 24 && minutes < 60 && seconds < 60;
    exists.then(|| ((hours * 60 + minutes) * 60 + seconds) * MICROS_PER_SECOND + fraction)
}

/// Microseconds since 1970-01-01T00:00 of `YYYY-MM-DDTHH:MM[:SS[.ffffff]]`, without an offset.
pub(super) fn read_local_datetime(text: &str) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', 't', ' '])?;
    Some(read_date(date)? * MICROS_PER_DAY + read_time(time)?)
}

/// Microseconds since 1970-01-01T00:00Z of a date and time with `Z` or an offset.
pub(super) fn read_datetime(text: &str) -> Option<i64> {
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return read_local_datetime(local);
    }
    let (local, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let sign = match offset.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    Some(read_local_datetime(local)? - sign * read_time(&offset[1..])?)
}

/// `YYYY-MM-DD`
pub(super) fn write_date(days: i64) -> String {
    let (year, month, day) = civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `HH:MM:SS`, with six fraction digits only if there are some.
pub(super) fn write_time(micros: i64) -> String {
    let seconds = micros / MICROS_PER_SECOND;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match micros % MICROS_PER_SECOND {
        0 => clock,
        fraction => format!("{clock}.{fraction:06}"),
    }
}

/// `YYYY-MM-DDTHH:MM:SS`, with six fraction digits only if there are some.
pub(super) fn write_datetime(micros: i64) -> String {
    let (days, time) = (micros.div_euclid(MICROS_PER_DAY), micros.rem_euclid(MICROS_PER_DAY));
    format!("{}T{}", write_date(days), write_time(time))
}

fn digits(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn read_fraction(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 6 {
        return None;
    }
    digits(&format!("{text:0<6}"))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_exist_are_read_and_written() {
        let dates = ["1970-01-01", "2025-01-15", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"];
        assert_eq!(dates.map(|date| read_date(date).map(write_date)), dates.map(|date| Some(date.to_owned())));
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        let dates =
            ["2023-02-29", "1900-02-29", "2025-13-01", "2025-00-01", "2025-1-1", "0000-01-01", "2025-01-32", "ä"];
        assert_eq!(dates.map(read_date), [None; 8]);
    }

    #[test]
    fn times_have_at_most_six_fraction_digits() {
        let times = ["09:00", "09:00:30", "23:59:59.5", "09:00:00.000001", "24:00", "9:00", "09:60", "09:00.5"];
        let written = times.map(|time| read_time(time).map(write_time));
        let expected = ["09:00:00", "09:00:30", "23:59:59.500000", "09:00:00.000001"].map(|time| Some(time.to_owned()));
        assert_eq!(written[..4], expected);
        assert_eq!(written[4..], [None, None, None, None]);
    }

    #[test]
    fn datetimes_are_brought_to_utc() {
        let texts = ["2025-01-15T09:00:00Z", "2025-01-15T01:30:00+02:00", "2025-01-15T09:00:00", "2025-01-15"];
        let written = texts.map(|text| read_datetime(text).map(write_datetime));
        let expected = ["2025-01-15T09:00:00", "2025-01-14T23:30:00"].map(|text| Some(text.to_owned()));
        assert_eq!(written[..2], expected);
        assert_eq!(written[2..], [None, None]);
    }
}
