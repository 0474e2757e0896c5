/**
 * Windows of time in a time zone. A window is `{from, to}`, unix seconds as ISO 8601 in UTC, both
 * ends included; an end that is left out is for the server to set when the report starts.
 *
 * Clocks are put forward and back, so a time on the clock may come twice in a zone, or never. A
 * window then takes in everything that its clock times could mean: it begins at the first second
 * whose clock shows "from" or later, and ends with the last whose clock shows "to" or earlier.
 */

const ONE_SECOND = { seconds: 1 };

/** @typedef {{from?: string, to?: string}} Window */

/** @returns {Window} today up to the moment the report starts */
export function today(zone, now = Temporal.Now.instant()) {
  return { from: iso(now.toZonedDateTimeISO(zone).startOfDay()) };
}

/** @returns {Window} the whole month before this one */
export function lastMonth(zone, now = Temporal.Now.instant()) {
  const thisMonth = now.toZonedDateTimeISO(zone).toPlainDate().with({ day: 1 });
  const firstDay = thisMonth.subtract({ months: 1 });
  return {
    from: iso(firstDay.toZonedDateTime(zone)),
    to: iso(thisMonth.toZonedDateTime(zone).subtract(ONE_SECOND)),
  };
}

/**
 * @param {string} zone
 * @param {string} from  on the clock, such as "2026-11-01T00:00"
 * @param {string} [to]  on the clock; all of that minute is in. Left out: up to the start.
 * @returns {Window}
 */
export function between(zone, from, to) {
  const start = { from: iso(firstAt(Temporal.PlainDateTime.from(from), zone)) };
  if (!to) return start;
  const lastSecond = Temporal.PlainDateTime.from(to).with({ second: 59 });
  return { ...start, to: iso(lastAt(lastSecond, zone)) };
}

function firstAt(clock, zone) {
  const earlier = clock.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return shows(earlier, clock) ? earlier : endOfGap(clock, zone);
}

function lastAt(clock, zone) {
  const later = clock.toZonedDateTime(zone, { disambiguation: 'later' });
  return shows(later, clock) ? later : endOfGap(clock, zone).subtract(ONE_SECOND);
}

/** The moment the clocks were put forward past the given time. */
function endOfGap(clock, zone) {
  return clock.toZonedDateTime(zone, { disambiguation: 'later' }).getTimeZoneTransition('previous');
}

function shows(moment, clock) {
  return moment.toPlainDateTime().equals(clock);
}

function iso(moment) {
  return moment.toInstant().toString({ smallestUnit: 'second' });
}
