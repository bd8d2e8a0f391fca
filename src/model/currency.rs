//! Currencies of ISO 4217 and the decimals of their minor units.

/// Codes with their decimals; funds codes are part of the list, metals and test codes are not.
const CURRENCIES: &[(u8, &str)] = &[
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD \
         CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
         GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA \
         MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR \
         RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD \
         TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// Digits after the point of amounts in that currency; nothing if there is no such currency.
#[must_use]
pub(super) fn decimals(code: &str) -> Option<u8> {
    let known = |codes: &str| codes.split(' ').any(|known| known == code);
    CURRENCIES.iter().find(|(_, codes)| known(codes)).map(|(decimals, _)| *decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_have_the_decimals_of_their_minor_unit() {
        let codes = ["EUR", "USD", "JPY", "KWD", "CLF", "ISK", "EURO", "eur", ""];
        let expected = [Some(2), Some(2), Some(0), Some(3), Some(4), Some(0), None, None, None];
        assert_eq!(codes.map(decimals), expected);
    }
}
