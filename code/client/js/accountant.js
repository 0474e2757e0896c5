/** The accountant's page: start a report, watch it, download its files. */

import { getJson } from './api.js';
import { Poller } from './poller.js';
import { explain } from './problem.js';
import { reportSender, runReportForm } from './report-form.js';
import { ReportList } from './report-list.js';
import { element } from './templates.js';
import { zoneName } from './wording.js';

const POLL_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;
const ON_THE_WAY = ['queued', 'running'];

const find = (selector) => document.querySelector(selector);
const list = new ReportList(find('#report-list'), runAgain);
const poller = new Poller(refresh);
const send = reportSender();
let pauseAfterProblem = POLL_MS;

find('#zone-name').textContent = zoneName();
find('#check-again').addEventListener('click', () => poller.wake());
runReportForm(find('#report-form'), async (request) => {
  try {
    await send(request);
  } finally {
    poller.wake(); // a refused report can mean that the worker is gone
  }
});
poller.wake();

/** @returns {Promise<number|null>} when to ask again: only while a report is on its way */
async function refresh() {
  try {
    const { reports, worker } = await getJson('/reports');
    pauseAfterProblem = POLL_MS;
    show(reports, worker);
    return reports.some(({ state }) => ON_THE_WAY.includes(state)) ? POLL_MS : null;
  } catch (error) {
    showProblem(`The list of reports can't be refreshed. ${explain(error)}`);
    pauseAfterProblem = Math.min(2 * pauseAfterProblem, LONGEST_PAUSE_MS);
    return pauseAfterProblem;
  }
}

function show(reports, worker) {
  showProblem('');
  find('#worker-banner').hidden = worker;
  find('#no-reports').hidden = reports.length > 0;
  const news = list.show(reports);
  if (news.length > 0) find('#report-news').textContent = news.join(' ');
}

async function runAgain({ kind, window }) {
  try {
    await send(window.from === null ? { kind } : { kind, from: window.from, to: window.to });
  } catch (error) {
    showProblem(explain(error));
    return;
  }
  poller.wake();
}

function showProblem(message) {
  const box = find('#list-problem');
  box.hidden = message === '';
  box.replaceChildren(element('p', message));
}
