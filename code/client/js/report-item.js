/** One report in the list. Only what has changed is drawn again, so focus and open tables stay. */

import { explain } from './problem.js';
import { wholeReport } from './report-actions.js';
import { drawDetails } from './report-details.js';
import { progressNews, showProgress } from './report-progress.js';
import { reportBody, STATE_NAMES } from './report-states.js';
import { element, fromTemplate } from './templates.js';
import { formatMade, formatWindow } from './wording.js';

/**
 * @typedef {object} Report  as `GET /reports/{id}` gives it; the list leaves out `preview` and the
 *   chart and tables of `summary`
 * @property {string} id
 * @property {string} kind
 * @property {string} title
 * @property {"queued"|"running"|"ready"|"failed"|"cancelled"|"expired"} state
 * @property {string} created_at  times are ISO 8601, UTC
 * @property {string|null} started_at
 * @property {string|null} finished_at
 * @property {string|null} expires_at
 * @property {{from: string|null, to: string|null, timezone: string}} window
 * @property {number} progress  0 to 1
 * @property {number} rows
 * @property {number} calls  made to Stripe
 * @property {number|null} seconds_left
 * @property {boolean} waits_for_stripe  it stands still because Stripe does not answer
 * @property {object|null} summary  figures, checks, chart, tables, notes
 * @property {{columns: object[], rows: Array[]}|null} preview  the first rows
 * @property {object|null} receipt
 * @property {{format: string, name: string, bytes: number, sha256: string, url: string}[]} files
 * @property {{code: string|null, message: string}|null} error
 */

/**
 * @typedef {object} Actions  what a click may ask for; each may throw a `Problem`
 * @property {(report: Report) => Promise<void>} cancel
 * @property {(report: Report) => Promise<void>} remove
 * @property {(report: Report) => Promise<void>} runAgain
 */

const FINAL = ['ready', 'failed', 'cancelled', 'expired'];

export class ReportItem {
  #report;
  #actions;

  /**
   * @param {Report} report
   * @param {Actions} actions
   */
  constructor(report, actions) {
    this.#actions = { ...actions, open: () => this.#toggle() };
    this.element = fromTemplate('report', { '.report-title': report.title });
    this.element.dataset.reportId = report.id;
    this.element.setAttribute('aria-label', report.title);
    this.element.addEventListener('click', ({ target }) => {
      const button = target.closest('[data-action]');
      if (button) this.#act(button);
    });
    this.#details.id = `details-${report.id}`;
    this.#find('.report-title').id = `title-${report.id}`;
    this.#find('.report-window').id = `window-${report.id}`;
    this.#report = report;
    this.#draw();
  }

  /** @returns {Report} */
  get report() {
    return this.#report;
  }

  /**
   * @param {Report} report  the same one, later
   * @returns {string[]} sentences to be spoken
   */
  update(report) {
    const before = this.#report;
    const isStale = FINAL.includes(before.state) && !FINAL.includes(report.state);
    if (isStale || JSON.stringify(before) === JSON.stringify(report)) return [];
    this.#report = report;
    if (before.state !== report.state) {
      this.#draw();
      return [`${report.title}: ${STATE_NAMES[report.state] ?? report.state}.`];
    }
    this.#find('.report-window').textContent = formatWindow(report.window);
    if (report.state !== 'running') return [];
    showProgress(this.#find('.report-body'), report);
    return [progressNews(before, report)].filter((news) => news !== null);
  }

  /** Shows everything there is of a finished report. */
  async open() {
    const button = this.#find('[data-action="open"]');
    if (!button || this.element.classList.contains('is-open')) return;
    this.#details.replaceChildren(element('p', 'Fetching the report…', 'report-note'));
    this.#setOpen(true);
    const { state } = this.#report;
    try {
      const whole = await wholeReport(this.#report.id);
      if (this.#report.state === state) drawDetails(this.#details, whole);
    } catch (error) {
      this.#setOpen(false);
      this.#say(explain(error));
    }
  }

  get #details() {
    return this.#find('.report-details');
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }

  #draw() {
    const report = this.#report;
    const hadFocus = this.#find('.report-body').contains(document.activeElement);
    this.element.dataset.state = report.state;
    this.#find('.report-state').textContent = STATE_NAMES[report.state] ?? report.state;
    this.#find('.report-window').textContent = formatWindow(report.window);
    this.#showMade(report);
    this.#find('.report-body').replaceChildren(reportBody(report));
    this.#describeButtons();
    this.#setOpen(false);
    this.#say('');
    if (hadFocus) this.#find('.report-title').focus();
  }

  /** When a report with files was made and how long they stay, on the clock of its window. */
  #showMade({ finished_at: finished, expires_at: expires, window }) {
    const made = this.#find('.report-made');
    made.hidden = !expires;
    made.textContent = expires ? formatMade(finished, expires, window.timezone) : '';
  }

  /** A listener hears of every "Delete" which report it is about. */
  #describeButtons() {
    const { id } = this.#report;
    for (const button of this.element.querySelectorAll('[data-action]')) {
      button.setAttribute('aria-describedby', `title-${id} window-${id}`);
    }
    this.#find('[data-action="open"]')?.setAttribute('aria-controls', this.#details.id);
  }

  /** The address names the report that was opened last, so that a reload finds it again. */
  async #toggle() {
    const isOpen = this.element.classList.contains('is-open');
    history.replaceState(null, '', isOpen ? location.pathname : `#${this.#report.id}`);
    if (isOpen) this.#setOpen(false);
    else await this.open();
  }

  #setOpen(isOpen) {
    this.element.classList.toggle('is-open', isOpen);
    this.#details.hidden = !isOpen;
    if (!isOpen) this.#details.replaceChildren();
    const button = this.#find('[data-action="open"]');
    if (!button) return;
    button.setAttribute('aria-expanded', isOpen);
    button.querySelector('.open-word').textContent = isOpen ? 'Close' : 'Open';
  }

  async #act(button) {
    if (button.getAttribute('aria-busy')) return;
    this.#say('');
    button.setAttribute('aria-busy', 'true');
    try {
      await this.#actions[button.dataset.action](this.#report);
    } catch (error) {
      this.#say(explain(error));
    } finally {
      button.removeAttribute('aria-busy');
    }
  }

  #say(problem) {
    const said = element('p', problem, 'sr-field-error');
    said.setAttribute('role', 'alert');
    this.#find('.report-trouble').replaceChildren(...(problem ? [said] : []));
  }
}
