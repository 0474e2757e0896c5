/**
 * What the shop says of its reports, as it happens. A stream of server-sent events tells of every
 * change; while it is cut, the list is asked for every few seconds instead.
 */

import { getJson } from './api.js';
import { Poller } from './poller.js';
import { explain } from './problem.js';

const POLL_MS = 3000;
/** While a report waits, the list is asked for now and then: only it says whether a worker is there. */
const WORKER_POLL_MS = 10_000;
const RECONNECT_MS = 5000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * @typedef {object} Listener
 * @property {(reports: object[], worker: boolean) => void} onList  the whole list, newest first
 * @property {(report: object) => void} onReport  one report has changed
 * @property {(id: string) => void} onDeleted  one report is gone
 * @property {(state: "connecting"|"live"|"polling"|"gone", problem: string) => void} onConnection
 */

export class ReportFeed {
  #listener;
  #poller = new Poller(() => this.#ask());
  #stream = null;
  #reconnect = null;
  #connection = 'connecting';
  #isAsking = false;
  #pauseAfterProblem = POLL_MS;

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** A browser opens few connections to one place, so a page nobody looks at gives its own back. */
  start() {
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.#close();
      else this.#open();
    });
    if (!document.hidden) this.#open();
    this.wake();
  }

  /** Asks for the list now. */
  wake() {
    this.#poller.wake();
  }

  #open() {
    this.#close();
    this.#stream = new EventSource('/reports/events');
    this.#stream.addEventListener('open', () => {
      this.#connection = 'live';
      this.wake(); // for what was missed before
    });
    this.#hear('report', (report) => this.#listener.onReport(report));
    this.#hear('deleted', ({ id }) => this.#listener.onDeleted(id));
    this.#stream.addEventListener('error', () => {
      this.#close();
      this.#connection = 'polling';
      this.#reconnect = setTimeout(() => this.#open(), RECONNECT_MS);
      this.wake();
    });
  }

  #hear(type, tell) {
    this.#stream.addEventListener(type, ({ data }) => {
      tell(JSON.parse(data));
      if (this.#isAsking) this.wake(); // that list may be older than this news
    });
  }

  #close() {
    clearTimeout(this.#reconnect);
    this.#stream?.close();
  }

  async #ask() {
    this.#isAsking = true;
    try {
      const { reports, worker } = await getJson('/reports');
      this.#pauseAfterProblem = POLL_MS;
      this.#listener.onList(reports, worker);
      this.#listener.onConnection(this.#connection, '');
      if (this.#connection !== 'live') return POLL_MS;
      return worker && !reports.some(({ state }) => state === 'queued') ? null : WORKER_POLL_MS;
    } catch (error) {
      this.#listener.onConnection('gone', explain(error));
      this.#pauseAfterProblem = Math.min(2 * this.#pauseAfterProblem, LONGEST_PAUSE_MS);
      return this.#pauseAfterProblem;
    } finally {
      this.#isAsking = false;
    }
  }
}
