/** How far a running report is, for eyes and for screen readers. */

import { count, timeLeft } from './wording.js';

/** Spoken at a quarter, a half and three quarters; a bar that talks at every step is a nuisance. */
const SPOKEN_STEPS = 4;

/**
 * Moves the bar without rebuilding it, so that a screen reader stays with it.
 *
 * @param {HTMLElement} place  holds the progress bar and its words
 * @param {import('./report-item.js').Report} report
 */
export function showProgress(place, report) {
  const { progress, rows, calls } = report;
  const percent = Math.floor(progress * 100);
  const rest = [count(rows, 'row'), `${count(calls, 'call')} to Stripe`, ...left(report)];
  const bar = place.querySelector('[role="progressbar"]');
  bar.setAttribute('aria-valuenow', percent);
  bar.setAttribute('aria-valuetext', `${percent} percent read, ${rest.join(', ')}`);
  bar.style.setProperty('--share', progress);
  place.querySelector('.report-percent').textContent = `${percent}% read`;
  place.querySelector('.report-counts').textContent = rest.map((part) => `· ${part}`).join(' ');
}

/**
 * @param {import('./report-item.js').Report} before
 * @param {import('./report-item.js').Report} report  the same one, later
 * @returns {string|null} a sentence to be spoken, where a new quarter has been reached
 */
export function progressNews(before, report) {
  const quarter = step(report);
  if (quarter === 0 || quarter === SPOKEN_STEPS || quarter <= step(before)) return null;
  const words = [`${(quarter * 100) / SPOKEN_STEPS} percent read`, ...left(report)];
  return `${report.title}: ${words.join(', ')}.`;
}

function step({ progress }) {
  return Math.floor(progress * SPOKEN_STEPS);
}

function left({ seconds_left: seconds }) {
  return Number.isFinite(seconds) ? [timeLeft(seconds)] : [];
}
