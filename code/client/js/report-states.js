/** What a report shows in each of its states, before it is opened. */

import { areFigures, headline } from './report-figures.js';
import { showProgress } from './report-progress.js';
import { element, fromTemplate } from './templates.js';
import { formatBytes, formatTime } from './wording.js';

export const STATE_NAMES = {
  queued: 'Queued',
  running: 'Running',
  ready: 'Ready',
  failed: 'Failed',
  cancelled: 'Cancelled',
  expired: 'Expired',
};

const BODIES = { queued, running, ready, failed, cancelled, expired };
const FORMAT_NAMES = { csv: 'CSV', xlsx: 'Excel', json: 'JSON' };
const NO_FIGURES = 'This page cannot show the figures of this report. Its files have them.';

/**
 * @param {import('./report-item.js').Report} report
 * @returns {HTMLElement}
 */
export function reportBody(report) {
  return BODIES[report.state]?.(report) ?? element('p', 'Please reload this page.', 'report-note');
}

function queued({ created_at: since }) {
  return fromTemplate('report-queued', { '.report-since': formatTime(since) });
}

function running(report) {
  const body = fromTemplate('report-running');
  showProgress(body, report);
  return body;
}

function ready(report) {
  const body = fromTemplate('report-ready');
  body.prepend(shortFigures(report));
  body.querySelector('.report-downloads').append(...report.files.map((file) => download(file, report)));
  return body;
}

function failed({ error }) {
  return fromTemplate('report-failed', { '.report-problem': error?.message ?? 'Nobody knows why.' });
}

function cancelled() {
  return fromTemplate('report-cancelled');
}

function expired(report) {
  const body = fromTemplate('report-expired');
  if (areFigures(report.summary?.figures)) body.prepend(shortFigures(report));
  else body.querySelector('[data-action="open"]').remove();
  return body;
}

function shortFigures({ summary }) {
  if (areFigures(summary?.figures)) return headline(summary.figures);
  return element('p', NO_FIGURES, 'report-note');
}

function download({ format, name, bytes, url }, { title }) {
  const link = fromTemplate('download', {
    '.file-format': FORMAT_NAMES[format] ?? format.toUpperCase(),
    '.file-of': ` of ${title},`,
    '.file-size': formatBytes(bytes),
  });
  link.href = url;
  link.download = name;
  link.title = name;
  return link;
}
