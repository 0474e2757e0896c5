/** The list of reports, newest first. */

import { ReportItem } from './report-item.js';

export class ReportList {
  #list;
  #actions;
  #onNews;
  #items = new Map();
  #deleted = new Set();

  /**
   * @param {HTMLElement} list
   * @param {import('./report-item.js').Actions} actions
   * @param {(sentence: string) => void} onNews  told what a listener should hear
   */
  constructor(list, actions, onNews) {
    this.#list = list;
    this.#actions = actions;
    this.#onNews = onNews;
  }

  get isEmpty() {
    return this.#items.size === 0;
  }

  /** @param {import('./report-item.js').Report[]} reports  all there are */
  show(reports) {
    const kept = new Set(reports.map(({ id }) => id));
    for (const id of this.#items.keys()) if (!kept.has(id)) this.#drop(id);
    for (const report of reports) this.put(report);
  }

  /**
   * Shows a report as it is now, a new one in its place by time.
   *
   * @param {import('./report-item.js').Report} report
   */
  put(report) {
    if (this.#deleted.has(report.id)) return; // news that was on its way when it was deleted
    const known = this.#items.get(report.id);
    if (known) {
      known.update(report).forEach(this.#onNews);
      return;
    }
    const item = new ReportItem(report, this.#actions);
    this.#items.set(report.id, item);
    this.#list.insertBefore(item.element, this.#firstOlderThan(report));
  }

  /** @param {string} id  of a report that has been deleted */
  remove(id) {
    this.#deleted.add(id);
    this.#drop(id);
  }

  /** @returns {ReportItem|undefined} */
  item(id) {
    return this.#items.get(id);
  }

  #drop(id) {
    this.#items.get(id)?.element.remove();
    this.#items.delete(id);
  }

  #firstOlderThan({ created_at: created }) {
    const isOlder = ({ report }) => Date.parse(report.created_at) < Date.parse(created);
    const inOrder = [...this.#list.children];
    return inOrder.find(({ dataset }) => isOlder(this.#items.get(dataset.reportId))) ?? null;
  }
}
