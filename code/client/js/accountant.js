/** The accountant's page: start a report, watch it, look into it, download its files. */

import { getJson } from './api.js';
import { explain } from './problem.js';
import { cancelReport, deleteReport, reportSender, requestLike } from './report-actions.js';
import { confirmDelete } from './report-delete-dialog.js';
import { ReportFeed } from './report-feed.js';
import { runReportForm } from './report-form.js';
import { kindChoices } from './report-kinds.js';
import { ReportList } from './report-list.js';
import { element } from './templates.js';

const CONNECTIONS = {
  connecting: '',
  live: 'Live: changes show by themselves.',
  polling: 'Live updates are cut off. The list is asked for every few seconds.',
  gone: 'No connection to the shop.',
};

const find = (selector) => document.querySelector(selector);
const send = reportSender();
const list = new ReportList(find('#report-list'), { cancel, remove, runAgain }, announce);
const feed = new ReportFeed({ onList, onReport, onDeleted, onConnection });
let linked = decodeURIComponent(location.hash.slice(1));

find('#check-again').addEventListener('click', () => feed.wake());
find('#load-kinds-again').addEventListener('click', loadKinds);
runReportForm(find('#report-form'), start);
loadKinds();
feed.start();

async function loadKinds() {
  find('#kinds-problem').hidden = true;
  try {
    find('#kinds').replaceChildren(...kindChoices(await getJson('/report-kinds')));
    find('#run-report').disabled = false;
  } catch (error) {
    find('#kinds').replaceChildren();
    find('#kinds-problem p').textContent = `The kinds of report can't be shown. ${explain(error)}`;
    find('#kinds-problem').hidden = false;
  }
}

function onList(reports, worker) {
  list.show(reports);
  find('#worker-banner').hidden = worker;
  find('#reports-loading').hidden = true;
  showWhetherEmpty();
  openLinked();
}

function onReport(report) {
  list.put(report);
  showWhetherEmpty();
}

function onDeleted(id) {
  list.remove(id);
  showWhetherEmpty();
}

function onConnection(state, problem) {
  const news = find('#connection');
  if (news.dataset.state !== state) {
    news.dataset.state = state;
    news.textContent = CONNECTIONS[state];
  }
  const box = find('#list-problem');
  box.hidden = problem === '';
  if (problem) {
    find('#reports-loading').hidden = true;
    box.replaceChildren(element('p', `The list of reports can't be refreshed. ${problem}`));
  }
}

/** A link to the page may name the report to open. */
function openLinked() {
  const item = list.item(linked);
  linked = '';
  if (!item) return;
  item.element.scrollIntoView();
  item.open();
}

async function start(request) {
  try {
    await ask(request);
  } finally {
    feed.wake(); // a refused report can mean that the worker is gone
  }
}

async function ask(request) {
  const report = await send(request);
  onReport(report);
  announce(`${report.title}: asked for.`);
  list.item(report.id).element.scrollIntoView({ block: 'nearest' });
}

async function runAgain(report) {
  await ask(requestLike(report));
}

async function cancel({ id }) {
  onReport(await cancelReport(id));
}

async function remove(report) {
  const { id, title } = report;
  if (!(await confirmDelete(find('#delete-dialog'), report))) return;
  await deleteReport(id);
  onDeleted(id);
  announce(`${title}: deleted.`);
  find('#reports-heading').focus();
}

function showWhetherEmpty() {
  find('#no-reports').hidden = !list.isEmpty;
}

function announce(sentence) {
  find('#report-news').textContent = sentence;
}
