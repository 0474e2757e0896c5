/** Moments as staff read them, in the shop's zone. All times come in as ISO 8601 in UTC. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY = { weekday: 'long', month: 'short', day: 'numeric' };
const CLOCK = { hour: 'numeric', minute: '2-digit' };
const MOMENT = { month: 'short', day: 'numeric', year: 'numeric', ...CLOCK, timeZoneName: 'short' };

/** @returns {string} the day on the shop's calendar, such as "2026-11-23" */
export function dayOf(iso, zone) {
  return Temporal.Instant.from(iso).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/**
 * @param {string} iso
 * @param {string} now
 * @param {string} zone
 * @returns {string} "Today, Monday, Nov 23", "Tomorrow, …", or the day alone
 */
export function dayTitle(iso, now, zone) {
  const today = Temporal.PlainDate.from(dayOf(now, zone));
  const { days } = today.until(dayOf(iso, zone), { largestUnit: 'day' });
  const day = dayName(iso, zone);
  const near = ['Today', 'Tomorrow'][days];
  return near ? `${near}, ${day}` : day;
}

/** @returns {string} "Monday, Nov 23" */
export function dayName(iso, zone) {
  return words(iso, zone, DAY);
}

/** @returns {string} "3:00 PM" */
export function clockOf(iso, zone) {
  return words(iso, zone, CLOCK);
}

/** @returns {string} "Nov 27" */
export function shortDay(iso, zone) {
  return words(iso, zone, { month: 'short', day: 'numeric' });
}

/** @returns {string} "Nov 27, 2026, 3:00 PM EST" */
export function momentOf(iso, zone) {
  return words(iso, zone, MOMENT);
}

/**
 * @param {string} iso
 * @param {string} now
 * @returns {number} milliseconds until then; negative once it is past
 */
export function untilMs(iso, now) {
  return Date.parse(iso) - Date.parse(now);
}

/** @returns {boolean} whether it comes within a day, or has come */
export function isWithinDay(iso, now) {
  return untilMs(iso, now) <= DAY_MS;
}

/**
 * @param {string} iso
 * @param {string} now
 * @returns {string} "1 day 4 h left", "4 h 10 min left", "12 min left"; never more than is left
 */
export function timeLeftUntil(iso, now) {
  const left = untilMs(iso, now);
  if (left <= 0) return 'time is up';
  const days = Math.floor(left / DAY_MS);
  const hours = Math.floor((left % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((left % HOUR_MS) / MINUTE_MS);
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'}${hours ? ` ${hours} h` : ''} left`;
  if (hours > 0) return `${hours} h${minutes ? ` ${minutes} min` : ''} left`;
  return minutes > 0 ? `${minutes} min left` : 'under a minute left';
}

/** The narrow no-break space that browsers put before "PM" is an ordinary one here. */
function words(iso, zone, options) {
  const format = new Intl.DateTimeFormat('en', { ...options, timeZone: zone });
  return format.format(new Date(iso)).replaceAll('\u202f', ' ');
}
