/** Times, sizes and counts as people read them. */

import { isZone, ownZone, zoneCity } from './zones.js';

const DAY = { day: 'numeric', month: 'short', year: 'numeric' };
const MINUTE = { ...DAY, hour: 'numeric', minute: '2-digit' };
const FIRST_SECOND = '00:00:00';
const LAST_SECOND = '23:59:59';

/**
 * @param {string} iso  an ISO 8601 time
 * @returns {string} in the reader's own zone, which is named
 */
export function formatTime(iso) {
  return new Intl.DateTimeFormat('en', { ...MINUTE, timeZoneName: 'short' }).format(new Date(iso));
}

/**
 * @param {string} iso  an ISO 8601 time
 * @param {string} zone
 * @returns {string} in that zone, which is not named, such as "Dec 1, 2026, 3:00 PM"
 */
export function formatTimeIn(iso, zone) {
  return new Intl.DateTimeFormat('en', { ...MINUTE, timeZone: zone }).format(new Date(iso));
}

/**
 * @param {string} date  a day of the calendar, such as "2026-12-31"
 * @returns {string} such as "Dec 31, 2026"
 */
export function formatDay(date) {
  return new Intl.DateTimeFormat('en', { ...DAY, timeZone: 'UTC' }).format(new Date(date));
}

/**
 * @param {{from: string|null, to: string|null, timezone: string|null}} window  ISO 8601; an end
 *   is null until the report starts, where none was asked for
 * @returns {string} in the zone of the report, such as "Oct 1 – 31, 2026 · New York"
 */
export function formatWindow({ from = null, to = null, timezone = null }) {
  const zone = isZone(timezone) ? timezone : ownZone();
  return `${spanInWords(from, to, zone)} · ${zoneCity(zone)}`;
}

/**
 * @param {string} made  when the report was finished
 * @param {string} gone  when its files go
 * @param {string} timezone  of the report
 * @returns {string} such as "Made Nov 23, 2026, 10:14 AM · kept until Nov 30"
 */
export function formatMade(made, gone, timezone) {
  const zone = isZone(timezone) ? timezone : ownZone();
  const [from, to] = [made, gone].map((iso) => Temporal.Instant.from(iso).toZonedDateTimeISO(zone));
  const { year, ...day } = DAY;
  const until = new Intl.DateTimeFormat('en', { ...(from.year === to.year ? day : DAY), timeZone: zone });
  const time = new Intl.DateTimeFormat('en', { ...MINUTE, timeZone: zone });
  return `Made ${time.format(from.epochMilliseconds)} · kept until ${until.format(to.epochMilliseconds)}`;
}

function spanInWords(from, to, zone) {
  if (from === null) return 'The last 36 hours, up to the moment it starts';
  const start = Temporal.Instant.from(from).toZonedDateTimeISO(zone);
  if (to === null) {
    const time = new Intl.DateTimeFormat('en', { ...MINUTE, timeZone: zone });
    return `From ${time.format(start.epochMilliseconds)} up to the moment it starts`;
  }
  const end = Temporal.Instant.from(to).toZonedDateTimeISO(zone);
  const isWholeDays = clock(start) === FIRST_SECOND && clock(end) === LAST_SECOND;
  const format = new Intl.DateTimeFormat('en', { ...(isWholeDays ? DAY : MINUTE), timeZone: zone });
  return format.formatRange(start.epochMilliseconds, end.epochMilliseconds);
}

function clock(moment) {
  return moment.toPlainTime().toString({ smallestUnit: 'second' });
}

/**
 * A time to the second, for a receipt.
 *
 * @param {string} iso  such as "2026-10-01T00:00:00-04:00"
 * @returns {string} such as "2026-10-01 00:00:00 UTC-04:00"
 */
export function formatSecond(iso) {
  const [, date, time, offset] = /^(.+)T([\d:]+)[.\d]*(.*)$/.exec(iso);
  return `${date} ${time} UTC${/^(Z|[+-]00:00)$/.test(offset) ? '' : offset}`;
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {string} such as "1 min 5 s"
 */
export function formatDuration(from, to) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  if (seconds < 60) return seconds < 1 ? 'under a second' : `${seconds} s`;
  return `${Math.trunc(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * @param {number} seconds
 * @returns {string} such as "about 3 minutes left"; as vague as a guess should be
 */
export function timeLeft(seconds) {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 60) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${count(minutes, 'minute')} left`;
  const hours = count(Math.floor(minutes / 60), 'hour');
  return `about ${hours}${minutes % 60 ? ` ${count(minutes % 60, 'minute')}` : ''} left`;
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${size.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`;
}

/**
 * @param {number} number
 * @param {string} singular
 * @param {string} [plural]
 * @returns {string} such as "1,240 rows"
 */
export function count(number, singular, plural = `${singular}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}
