/** Time zones by their IANA names, and the names people know them by. */

/** @returns {string} the zone of the reader's browser, such as "Europe/Paris" */
export function ownZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @returns {string[]} every zone to choose from; UTC first, which browsers leave out */
export function allZones() {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}

/**
 * The zone somebody means: its whole name in any letter case, with spaces for underscores, or its
 * city where only one zone has it.
 *
 * @param {string} text  such as "America/New_York", "america/new york" or "New York"
 * @returns {string|null} null where no zone or more than one is meant
 */
export function findZone(text) {
  const wanted = plain(text);
  if (wanted === '') return null;
  const zones = allZones();
  const whole = zones.find((zone) => plain(zone) === wanted);
  if (whole) return whole;
  const cities = zones.filter((zone) => plain(zoneCity(zone)) === wanted);
  if (cities.length === 1) return cities[0];
  return otherName(text.trim());
}

/** Zones have older and newer names that the list leaves out, such as "Europe/Kyiv". */
function otherName(text) {
  if (!/^[a-z]/i.test(text) || !isZone(text)) return null;
  return Temporal.Now.zonedDateTimeISO(text).timeZoneId; // Intl would answer with the older name
}

/**
 * @param {string|null|undefined} zone
 * @returns {boolean} whether this browser can count in it
 */
export function isZone(zone) {
  if (!zone) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** @returns {string} "New York" of "America/New_York" */
export function zoneCity(zone) {
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

/**
 * @param {string} zone
 * @param {Date} [moment]
 * @returns {string} how far its clocks are from UTC, such as "UTC-5"
 */
export function zoneOffset(zone, moment = new Date()) {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' });
  const { value } = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName');
  return value.replace('GMT', 'UTC');
}

function plain(text) {
  return text.trim().toLowerCase().replaceAll('_', ' ');
}
