/** The list of reports. Only what has changed is drawn again, so focus and open details stay. */

import { reportBody, showProgress } from './report-body.js';
import { fromTemplate } from './templates.js';
import { formatWindow } from './wording.js';

const STATE_NAMES = { queued: 'Queued', running: 'Running', ready: 'Ready', failed: 'Failed' };

export class ReportList {
  #list;
  #onRunAgain;
  #shown = new Map();

  /**
   * @param {HTMLElement} list
   * @param {(report: import('./report-body.js').Report) => Promise<void>} onRunAgain
   */
  constructor(list, onRunAgain) {
    this.#list = list;
    this.#onRunAgain = onRunAgain;
  }

  /**
   * @param {import('./report-body.js').Report[]} reports  newest first
   * @returns {string[]} a sentence for each report whose state has changed
   */
  show(reports) {
    const news = reports.map((report) => this.#update(report)).filter((text) => text !== null);
    const items = reports.map(({ id }) => this.#shown.get(id).item);
    if (items.some((item, place) => this.#list.children[place] !== item)) this.#list.prepend(...items);
    this.#removeAllBut(reports);
    return news;
  }

  #update(report) {
    const before = this.#shown.get(report.id);
    if (before && JSON.stringify(before.report) === JSON.stringify(report)) return null;
    const item = before?.item ?? newItem(report);
    const sameState = before?.report.state === report.state;
    this.#shown.set(report.id, { report, item });
    item.querySelector('.report-window').textContent = formatWindow(report.window);
    if (sameState && report.state === 'running') showProgress(item, report);
    else this.#showState(item, report);
    return before && !sameState ? `${report.title}: ${STATE_NAMES[report.state]}.` : null;
  }

  #showState(item, report) {
    item.dataset.state = report.state;
    item.querySelector('.report-state').textContent = STATE_NAMES[report.state];
    item.querySelector('.report-body').replaceChildren(reportBody(report, this.#onRunAgain));
  }

  #removeAllBut(reports) {
    const kept = new Set(reports.map(({ id }) => id));
    for (const [id, { item }] of this.#shown) {
      if (kept.has(id)) continue;
      item.remove();
      this.#shown.delete(id);
    }
  }
}

function newItem({ id, title }) {
  const item = fromTemplate('report', { '.report-title': title });
  item.dataset.reportId = id;
  return item;
}
