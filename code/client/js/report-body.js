/** What a report shows in each of its states. */

import { reportSummary } from './report-summary.js';
import { element, fromTemplate } from './templates.js';
import { count, formatBytes, formatDuration, formatTime } from './wording.js';

/**
 * @typedef {object} Report  one entry of `GET /reports`
 * @property {string} id
 * @property {"lesson-totals"|"failed-payments"} kind
 * @property {string} title
 * @property {"queued"|"running"|"ready"|"failed"} state
 * @property {number} progress  0 to 1
 * @property {number} rows
 * @property {number} calls  made to Stripe
 * @property {string} created_at  times are ISO 8601, UTC
 * @property {string|null} started_at
 * @property {string|null} finished_at
 * @property {{from: string|null, to: string|null}} window
 * @property {object|null} summary
 * @property {{format: string, name: string, bytes: number, sha256: string, url: string}[]} files
 * @property {{code: string|null, message: string}|null} error
 */

const BODIES = { queued, running, ready, failed };

/**
 * @param {Report} report
 * @param {(report: Report) => Promise<void>} onRunAgain
 * @returns {HTMLElement}
 */
export function reportBody(report, onRunAgain) {
  return BODIES[report.state](report, onRunAgain);
}

/**
 * Moves the bar of a running report without rebuilding it, so that a screen reader stays with it.
 *
 * @param {HTMLElement} body
 * @param {Report} report
 */
export function showProgress(body, { progress, rows, calls }) {
  const percent = Math.floor(progress * 100);
  const done = `${count(rows, 'row')}, ${count(calls, 'call')} to Stripe`;
  const bar = body.querySelector('[role="progressbar"]');
  bar.setAttribute('aria-valuenow', percent);
  bar.setAttribute('aria-valuetext', `${percent} percent, ${done}`);
  bar.style.setProperty('--share', progress);
  body.querySelector('.report-percent').textContent = `${percent}%`;
  body.querySelector('.report-counts').textContent = `· ${done}`;
}

function queued(report) {
  return fromTemplate('report-queued', { '.report-since': formatTime(report.created_at) });
}

function running(report) {
  const body = fromTemplate('report-running');
  showProgress(body, report);
  return body;
}

function ready(report) {
  const body = fromTemplate('report-ready');
  body.querySelector('.report-summary').append(reportSummary(report));
  body.querySelector('.report-downloads').append(...report.files.map((file) => download(file, report)));
  body.querySelector('.report-receipt dl').append(...receipt(report));
  return body;
}

function failed(report, onRunAgain) {
  const body = fromTemplate('report-failed', { '.report-problem': report.error.message });
  const button = body.querySelector('.run-again');
  button.addEventListener('click', async () => {
    button.disabled = true;
    await onRunAgain(report);
    button.disabled = false;
  });
  return body;
}

function download({ format, name, bytes, url }, { title }) {
  const kind = format.toUpperCase();
  const link = element('a', `Download ${kind}`, 'quiet-button');
  link.href = url;
  link.download = name;
  link.append(element('span', ` of ${title}, ${formatBytes(bytes)}`, 'visually-hidden'));
  link.title = `${name}, ${formatBytes(bytes)}`;
  return link;
}

function receipt({ rows, calls, started_at, finished_at, window, files }) {
  const entries = [
    ['Counted up to', formatTime(window.to)],
    ['Rows', rows.toLocaleString('en')],
    ['Calls to Stripe', calls.toLocaleString('en')],
    ['Finished', `${formatTime(finished_at)}, in ${formatDuration(started_at, finished_at)}`],
  ].flatMap(([term, text]) => [element('dt', term), element('dd', text)]);
  const checksums = files.flatMap(({ format, sha256 }) => [
    element('dt', `SHA-256 of the ${format.toUpperCase()}`),
    element('dd', sha256, 'checksum'),
  ]);
  return [...entries, ...checksums];
}
