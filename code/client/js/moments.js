/** Moments on the reader's own clock, with UTC beside them for whoever compares logs. */

const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
const TIME = { hour: 'numeric', minute: '2-digit', second: '2-digit' };

/**
 * @param {string} instant  ISO 8601
 * @returns {string} such as "Monday, November 23, 2026"
 */
export function dayText(instant) {
  return new Date(instant).toLocaleDateString('en', DAY);
}

/** @returns {string} such as "Nov 23, 2026, 3:04:05 PM" */
export function momentText(instant) {
  return new Date(instant).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium' });
}

/**
 * @param {HTMLTimeElement} element  gets the time of the day, and UTC as its title
 * @param {string} instant
 */
export function showTime(element, instant) {
  element.dateTime = instant;
  element.title = `${new Date(instant).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
  element.textContent = new Date(instant).toLocaleTimeString('en', TIME);
}
