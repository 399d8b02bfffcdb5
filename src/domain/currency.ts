// ISO 4217 minor units, as our own table: the runtime's `Intl` rounds to what is usual in shops, which is not
// the standard's unit (it differs for 16 currencies), and a wrong unit is a hundredfold amount. What is not
// listed is unknown, never two.

const codesByDecimals: readonly (readonly [number, string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
     CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
     KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
     NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
     TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const decimalsByCode = new Map(
  codesByDecimals.flatMap(([decimals, codes]) => codes.split(/\s+/).map((code) => [code, decimals] as const)),
);

/** A currency that is written otherwise than the standard does: `eur` is EUR. Undefined where it is none. */
export function currencyMeant(written: string): string | undefined {
  const code = written.trim().toUpperCase();
  return decimalsByCode.has(code) ? code : undefined;
}

/**
 * How many decimals of the major unit the currency's minor unit has (EUR 2, JPY 0); undefined for a code ISO
 * 4217 gives no unit for.
 */
export function minorUnitDecimals(currency: string): number | undefined {
  return decimalsByCode.get(currency);
}
