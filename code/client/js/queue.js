/** The queues as they are now, looked at again every few seconds while somebody watches. */

import { Attempt, getJson } from './api.js';
import { showItems } from './keyed-list.js';
import { Poller } from './poller.js';
import { countText, failedItem, queueItem, retryItem, workerItem } from './queue-items.js';

const AGAIN_MS = 5000;

const find = (selector) => document.querySelector(selector);
const poller = new Poller(look);

/** Whether the last look failed; what is told of a press stays until the next one. */
let isAway = false;

find('#try-again').addEventListener('click', () => {
  find('#problem').hidden = true;
  poller.wake();
});
find('#failed').addEventListener('click', onClick);
poller.wake();

async function look() {
  try {
    show(await getJson('/queue'));
    if (isAway) find('#problem').hidden = true;
    isAway = false;
  } catch (error) {
    isAway = true;
    tellProblem(error);
  }
  return AGAIN_MS;
}

function show({ queues, workers, failed, retries }) {
  const now = Date.now();
  showItems(find('#queues'), queues.map((queue) => queueItem(queue, now)));
  showItems(find('#workers'), workers.map((worker) => workerItem(worker, now)));
  showItems(find('#failed'), failed.map((job) => failedItem(job)));
  showItems(find('#retries'), retries.map((job) => retryItem(job)));
  find('#no-workers').hidden = workers.some(({ alive }) => alive);
  find('#failed-note').textContent = countText(failed, sum(queues, 'failed'), 'Nothing has failed.');
  find('#retries-note').textContent = countText(retries, sum(queues, 'retries'), 'Nothing waits for another try.');
  find('#as-of').textContent = `As of ${new Date(now).toLocaleTimeString('en')}.`;
  find('#board').hidden = false;
}

function sum(queues, name) {
  return queues.reduce((total, queue) => total + queue[name], 0);
}

async function onClick({ target }) {
  const button = target.closest('button');
  if (!button) return;
  const id = button.closest('.job').dataset.key;
  const isRemoval = button.classList.contains('remove');
  if (isRemoval && !confirm('Remove this job? What it was to do will not be done.')) return;
  button.ariaBusy = 'true';
  find('#problem').hidden = true;
  try {
    await new Attempt(`/queue/${encodeURIComponent(id)}/${isRemoval ? 'remove' : 'run-again'}`).post({});
    find('#news').textContent = isRemoval ? 'The job is removed.' : 'The job waits for its turn again.';
    find('#failed-heading').focus();
  } catch (error) {
    tellProblem(error);
  } finally {
    button.ariaBusy = null;
  }
  poller.wake();
}

function tellProblem(error) {
  find('#problem p').textContent = error.message;
  find('#problem').hidden = false;
}
