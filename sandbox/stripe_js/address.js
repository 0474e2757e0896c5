/** The country and the postal code of a card. Pure. */

/** ISO 3166-1 codes of the countries Stripe lets a card holder choose. */
const COUNTRY_CODES = `
  AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
  BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG EH ER
  ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU ID
  IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
  LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU
  NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PY QA RE RO RS RU RW SA SB SC SE SG SH SI SJ SK SL SM
  SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC
  VE VG VN VU WF WS XK YE YT ZA ZM ZW`.trim().split(/\s+/);

/** Where Stripe insists on a postal code, and what a whole one looks like. */
const REQUIRED_POSTAL_CODES = {
  US: /^\d{5}(-\d{4})?$/,
  CA: /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/,
  GB: /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/,
};
const SHORTEST_POSTAL_CODE = { US: 5, CA: 6, GB: 5 };

/** @returns {{code: string, name: string}[]} by name */
export function countries() {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  return COUNTRY_CODES.map((code) => ({ code, name: names.of(code) })).sort((one, other) =>
    one.name.localeCompare(other.name, 'en'),
  );
}

export const postalCodeLabel = (country) => (country === 'US' ? 'ZIP' : 'Postal code');

export const isPostalCodeRequired = (country) => country in REQUIRED_POSTAL_CODES;

export const formatPostalCode = (text) => text.trimStart().toUpperCase().slice(0, 12);

/** @returns {{code: string, message: string}|null} */
export function postalCodeProblem(text, country) {
  if (!isPostalCodeRequired(country)) return null;
  const code = text.trim();
  if (code.length < SHORTEST_POSTAL_CODE[country]) {
    return { code: 'incomplete_zip', message: 'Your postal code is incomplete.' };
  }
  if (REQUIRED_POSTAL_CODES[country].test(code)) return null;
  const noun = country === 'US' ? 'ZIP' : 'postal code';
  return { code: 'invalid_zip', message: `Your ${noun} is invalid.` };
}
