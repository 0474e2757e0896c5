/** Queues, workers and jobs as items of their lists. */

import { momentText } from './moments.js';
import { fromTemplate } from './templates.js';

const QUEUES = {
  answers: 'Answers somebody waits for',
  reports: 'Reports and long work',
  events: "Stripe's events and letters",
};

/** Shown of a job that cannot be read: nobody of the shop has queued it. */
const NO_FUNCTION = 'An unknown job';

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

export function queueItem({ name, depth, oldest, workers }, now) {
  const waits = oldest === null ? 'Nothing waits.' : `The first has waited ${since(oldest, now)}.`;
  return keyed(
    fromTemplate('queue-template', {
      h3: QUEUES[name] ?? name,
      '.depth': depth.toLocaleString('en'),
      '.hint': `${waits} ${workers === 1 ? '1 worker' : `${workers} workers`}.`,
    }),
    name,
  );
}

export function workerItem({ name, queues, since: started, alive, job }, now) {
  const state = !alive ? 'gone' : job ? 'at work' : 'idle';
  const facts = [`serves ${queues.join(', ')}`];
  if (started) facts.push(`started ${momentText(started)}`);
  if (job) facts.push(workText(job, alive, now));
  const item = fromTemplate('worker-template', { '.job-name': name, '.hint': facts.join(' · '), '.job-state': state });
  item.dataset.state = state;
  return keyed(item, name);
}

export function failedItem({ id, queue, function: known, at, error }) {
  const name = known || NO_FUNCTION;
  const item = fromTemplate('failed-template', {
    '.job-name': name,
    '.job-error': error || 'It left no error; its process was killed.',
    '.hint': `${id} · ${queue} · failed ${momentText(at)}`,
  });
  item.querySelector('.run-again').ariaLabel = `Run ${name} ${id} again`;
  item.querySelector('.remove').ariaLabel = `Remove ${name} ${id}`;
  return keyed(item, id);
}

export function retryItem({ id, queue, function: name, at }) {
  return keyed(
    fromTemplate('retry-template', { '.job-name': name || NO_FUNCTION, '.hint': `${id} · ${queue} · next try ${momentText(at)}` }),
    id,
  );
}

function workText({ function: name, id, since: begun }, alive, now) {
  if (!alive) return `was running ${name} (${id})`;
  return `runs ${name} (${id})${begun ? ` for ${since(begun, now)}` : ''}`;
}

/** How many are there, where not all of them are shown. */
export function countText(shown, all, none) {
  if (all === 0) return none;
  return all > shown.length ? `The ${shown.length} that come first, of ${all.toLocaleString('en')}.` : '';
}

function keyed(item, key) {
  item.dataset.key = key;
  return item;
}

function since(instant, now) {
  const seconds = Math.max(0, (now - new Date(instant)) / 1000);
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ['second', 1];
  const number = Math.floor(seconds / length);
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
