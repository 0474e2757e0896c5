/** How far a running report is, for eyes and for screen readers. */

import { count, timeLeft } from './wording.js';

/** Spoken at a quarter, a half and three quarters; a bar that talks at every step is a nuisance. */
const SPOKEN_STEPS = 4;

const SILENT = 'Stripe does not answer just now; the report goes on by itself when it does.';
const ANSWERS = 'Stripe answers again.';

/**
 * Moves the bar without rebuilding it, so that a screen reader stays with it.
 *
 * @param {HTMLElement} place  holds the progress bar and its words
 * @param {import('./report-item.js').Report} report
 */
export function showProgress(place, report) {
  const { progress, rows, calls, waits_for_stripe: waits } = report;
  const percent = Math.floor(progress * 100);
  const rest = [count(rows, 'row'), `${count(calls, 'call')} to Stripe`, ...left(report)];
  const bar = place.querySelector('[role="progressbar"]');
  bar.setAttribute('aria-valuenow', percent);
  const said = [`${percent} percent read`, ...rest, ...(waits ? ['waiting for Stripe'] : [])];
  bar.setAttribute('aria-valuetext', said.join(', '));
  bar.style.setProperty('--share', progress);
  place.querySelector('.report-percent').textContent = `${percent}% read`;
  place.querySelector('.report-counts').textContent = rest.map((part) => `· ${part}`).join(' ');
  const silence = place.querySelector('.report-silence');
  silence.hidden = !waits;
  silence.querySelector('strong').textContent = SILENT;
}

/**
 * @param {import('./report-item.js').Report} before
 * @param {import('./report-item.js').Report} report  the same one, later
 * @returns {string|null} a sentence to be spoken, where a new quarter has been reached, or where
 *   Stripe has fallen silent or answers again
 */
export function progressNews(before, report) {
  if (before.waits_for_stripe !== report.waits_for_stripe) {
    return `${report.title}: ${report.waits_for_stripe ? SILENT : ANSWERS}`;
  }
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
