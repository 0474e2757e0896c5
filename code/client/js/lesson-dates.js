/** Which lessons can be booked: three, counted in days from today in the student's time zone. */

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec'.split(' ');

const OFFERS = [
  { id: 'first', daysAhead: 9, hour: 15 },
  { id: 'second', daysAhead: 14, hour: 16 },
  { id: 'third', daysAhead: 21, hour: 17 },
];

/**
 * @typedef {object} Lesson
 * @property {string} id  "first", "second" or "third"
 * @property {string} date  "01 Dec"
 * @property {string} time  "3:00 p.m."
 * @property {string} text  "01 Dec 3:00 p.m.", as the shop writes it down
 * @property {string} weekday  "Tuesday"
 * @property {string} at  ISO 8601 with the zone's offset on that day: "2026-12-01T15:00:00+01:00"
 */

/**
 * @param {Date} [now]
 * @returns {Lesson[]}
 */
export function upcomingLessons(now = new Date()) {
  return OFFERS.map(({ id, daysAhead, hour }) => {
    const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysAhead, hour);
    const date = `${pad(start.getDate())} ${MONTHS[start.getMonth()]}`;
    const time = `${hour - 12}:00 p.m.`;
    const weekday = start.toLocaleDateString('en', { weekday: 'long' });
    return { id, date, time, text: `${date} ${time}`, weekday, at: isoWithOffset(start) };
  });
}

/**
 * What the server is told about a lesson.
 *
 * @param {Lesson} lesson
 */
export function lessonFields(lesson) {
  return { first_lesson: lesson.text, first_lesson_at: lesson.at };
}

/** `Date.toISOString` knows UTC only; the shop wants the student's own clock. */
function isoWithOffset(date) {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const offset = `${sign}${pad(Math.trunc(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}${offset}`;
}

function pad(number) {
  return String(number).padStart(2, '0');
}
