/** An open report. Every kind is drawn by the same code, from what its summary holds. */

import { reportChart } from './report-chart.js';
import { allFigures, areFigures } from './report-figures.js';
import { lettersPart } from './report-letters.js';
import { receiptPart } from './report-receipt.js';
import { isTable, tableBox } from './report-table.js';
import { element } from './templates.js';
import { count } from './wording.js';

/** The server sends no more than this for a look; fewer are all there are. */
const MOST_PREVIEWED = 20;
const UNREADABLE = "The tables and first rows of this report can't be shown any more. Its files have them.";

/**
 * @param {HTMLElement} place
 * @param {import('./report-item.js').Report} report  with its preview, chart and tables
 */
export function drawDetails(place, report) {
  const { summary, window: { timezone } } = report;
  place.replaceChildren(
    ...figuresPart(summary),
    ...checksPart(summary),
    ...notesPart(summary),
    ...(summary?.chart ? [reportChart(summary.chart, timezone)] : []),
    ...tablesPart(summary),
    ...lettersPart(report),
    ...previewPart(report),
    ...receiptPart(report),
  );
}

function figuresPart(summary) {
  return areFigures(summary?.figures) ? [allFigures(summary.figures)] : [];
}

function checksPart(summary) {
  if (!summary?.checks?.length) return [];
  const list = element('ul', '', 'report-checks');
  list.append(...summary.checks.map(checkEntry));
  return [list];
}

function checkEntry({ label, holds, detail }) {
  const entry = element('li', '', 'check');
  entry.dataset.holds = holds;
  entry.append(
    element('span', holds ? 'Checked' : 'Does not hold', 'check-mark'),
    element('strong', label),
    element('span', detail ?? '', 'check-detail'),
  );
  return entry;
}

function notesPart(summary) {
  if (!summary?.notes?.length) return [];
  const list = element('ul', '', 'report-notes');
  list.append(...summary.notes.map((note) => element('li', note)));
  return [list];
}

function tablesPart(summary) {
  const tables = (summary?.tables ?? []).filter(isTable);
  if (tables.length === 0) return [];
  const part = section('In detail');
  part.append(...tables.map((table) => foldedTable(table, summary.currency)));
  return [part];
}

function foldedTable(table, currency) {
  const details = element('details', '', 'report-table');
  const heading = element('summary', table.title);
  heading.append(' ', element('span', count(table.rows.length, 'row'), 'row-count'));
  details.append(heading, tableBox({ currency, ...table }));
  return details;
}

function previewPart({ state, preview, summary }) {
  if (!isTable(preview)) return state === 'ready' ? [element('p', UNREADABLE, 'report-note')] : [];
  const part = section('The first rows');
  const shown = preview.rows.length;
  part.append(element('p', previewWords(shown), 'report-note'));
  if (shown > 0) {
    part.append(tableBox({ title: 'The first rows', currency: summary?.currency, ...preview }));
  }
  return [part];
}

function previewWords(shown) {
  if (shown === 0) return 'There is nothing in this window.';
  if (shown < MOST_PREVIEWED) return `All there are: ${count(shown, 'row')}.`;
  return `The first ${shown}. The files have them all.`;
}

function section(title) {
  const part = element('section', '', 'report-part');
  part.append(element('h4', title));
  return part;
}
