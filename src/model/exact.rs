//! Exact decimal numbers, for bounds, defaults and the evaluation of rules.

use std::cmp::Ordering;

use super::field_type::Number;

/// A decimal number: `digits / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exact {
    digits: i128,
    scale: u32,
}

impl Exact {
    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self { digits: i128::from(value), scale: 0 }
    }

    /// `digits / 10^scale`
    pub fn new(digits: i128, scale: u32) -> Self {
        Self { digits, scale }.reduced()
    }

    /// Reads `-?[0-9]+(\.[0-9]+)?`; nothing if it is not a number or has more digits than fit.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = !unsigned.is_empty()
            && all_digits(unsigned)
            && all_digits(fraction)
            && (text.contains('.') != fraction.is_empty());
        if !is_number {
            return None;
        }
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, scale: u32::try_from(fraction.len()).ok()? }.reduced())
    }

    /// The number of a checked literal.
    pub fn of(number: &Number) -> Option<Self> {
        Self::parse(&number.0)
    }

    /// The value, if it is whole and fits.
    pub fn to_integer(self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.digits).ok() } else { None }
    }

    /// Sum; nothing on overflow.
    pub fn add(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self { digits: a.checked_add(b)?, scale }.reduced())
    }

    /// Product; nothing on overflow.
    pub fn multiply(self, other: Self) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(other.digits)?, scale: self.scale + other.scale }.reduced())
    }

    /// With the other sign.
    pub fn negate(self) -> Self {
        Self { digits: -self.digits, ..self }
    }

    /// Without a sign.
    pub fn abs(self) -> Self {
        Self { digits: self.digits.abs(), ..self }
    }

    /// The largest multiple of `step` that is not above this number.
    pub fn floor_to(self, step: Self) -> Option<Self> {
        let (value, step, scale) = self.aligned(step)?;
        if step == 0 {
            return None;
        }
        Some(Self { digits: value.div_euclid(step).checked_mul(step)?, scale }.reduced())
    }

    /// Smaller, equal or greater; whole parts and fractions apart, so that nothing overflows.
    pub fn compare(self, other: Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.split(scale).cmp(&other.split(scale))
    }

    /// The largest whole number below, and the rest in units of `10^-scale`.
    fn split(self, scale: u32) -> (i128, i128) {
        let Some(unit) = 10_i128.checked_pow(self.scale) else { return (0, self.digits) };
        let rest = self.digits.rem_euclid(unit);
        let lift = 10_i128.checked_pow(scale - self.scale).and_then(|lift| rest.checked_mul(lift));
        (self.digits.div_euclid(unit), lift.unwrap_or(rest))
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let lift = |number: Self| number.digits.checked_mul(10_i128.checked_pow(scale - number.scale)?);
        Some((lift(self)?, lift(other)?, scale))
    }

    fn reduced(mut self) -> Self {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl From<Exact> for Number {
    fn from(exact: Exact) -> Self {
        if exact.scale == 0 {
            return Self(exact.digits.to_string());
        }
        let width = exact.scale as usize + 1;
        let digits = format!("{:0>width$}", exact.digits.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - exact.scale as usize);
        let sign = if exact.digits < 0 { "-" } else { "" };
        Self(format!("{sign}{whole}.{fraction}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<String> {
        Exact::parse(text).map(|exact| Number::from(exact).0)
    }

    #[test]
    fn numbers_lose_superfluous_zeros_only() {
        let texts = ["-12.50", "0.0", "007", "1.05", "-0.5", "10", "1.", ".5", "1e3", "", "-", "1.2.3"];
        let numbers = ["-12.5", "0", "7", "1.05", "-0.5", "10"].map(|text| Some(text.to_owned()));
        assert_eq!(texts.map(number)[..6], numbers);
        assert_eq!(texts.map(number)[6..], [None, None, None, None, None, None]);
    }

    #[test]
    fn arithmetic_is_exact() {
        let read = |text| Exact::parse(text).expect("a number");
        assert_eq!(read("0.1").add(read("0.2")), Some(read("0.3")));
        assert_eq!(read("1.5").multiply(read("-0.2")), Some(read("-0.3")));
        assert_eq!(read("7").floor_to(read("2.5")), Some(read("5")));
        assert_eq!(read("1.10").compare(read("1.1")), Ordering::Equal);
    }

    #[test]
    fn an_overflow_is_nothing() {
        let huge = Exact::parse("99999999999999999999999999999999999999").expect("38 digits");
        assert_eq!(huge.multiply(huge), None);
    }
}
