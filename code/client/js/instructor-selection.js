/** Rows that are picked to be done together, and the bar that does it. */

import { canBeSelected } from './instructor-row-view.js';
import { count } from './wording.js';

const TOGETHER = ['hold', 'capture', 'release'];

export class Selection {
  #list;
  #bar;
  #onAction;
  #picked = new Set();
  #rows = new Map();

  /**
   * @param {HTMLElement} list  where the rows are drawn
   * @param {HTMLElement} bar
   * @param {(action: string, subjects: object[], button: HTMLElement) => void} onAction
   */
  constructor(list, bar, onAction) {
    this.#list = list;
    this.#bar = bar;
    this.#onAction = onAction;
    list.addEventListener('change', ({ target }) => this.#pick(target));
    bar.querySelector('.clear').addEventListener('click', () => {
      this.clear();
      list.querySelector('input[type="checkbox"]')?.focus();
    });
    for (const button of this.#buttons) {
      button.addEventListener('click', () => onAction(button.value, this.#subjects(button.value), button));
    }
  }

  has(key) {
    return this.#picked.has(key);
  }

  /** @param {import('./instructor-rows.js').Row[]} rows  all that are drawn; others are forgotten */
  show(rows) {
    this.#rows = new Map(rows.filter(canBeSelected).map((row) => [row.key, row]));
    this.#picked = this.#picked.intersection(this.#rows);
    this.#draw();
  }

  clear() {
    this.#picked.clear();
    for (const box of this.#list.querySelectorAll('.row input')) box.checked = false;
    this.#draw();
  }

  #pick(box) {
    const rows = box.closest('.row') ? [box.closest('.row')] : box.closest('section').querySelectorAll('.row');
    for (const { dataset } of rows) {
      if (!this.#rows.has(dataset.key)) continue;
      if (box.checked) this.#picked.add(dataset.key);
      else this.#picked.delete(dataset.key);
    }
    this.#draw();
  }

  #draw() {
    for (const row of this.#list.querySelectorAll('.row')) {
      const box = row.querySelector('input');
      if (box) box.checked = this.has(row.dataset.key);
    }
    for (const section of this.#list.querySelectorAll('section')) this.#drawWhole(section);
    this.#bar.hidden = this.#picked.size === 0;
    this.#bar.querySelector('.picked').textContent = `${count(this.#picked.size, 'row')} selected`;
    for (const button of this.#buttons) {
      const number = this.#subjects(button.value).length;
      button.hidden = number === 0;
      button.querySelector('.number').textContent = number;
    }
  }

  /** "Select all" of a day is worth its place from two rows on. */
  #drawWhole(section) {
    const all = Array.from(section.querySelectorAll('.row'), ({ dataset }) => dataset.key);
    const keys = all.filter((key) => this.#rows.has(key));
    const picked = keys.filter((key) => this.has(key)).length;
    const box = section.querySelector('.pick-all input');
    box.closest('.pick-all').hidden = keys.length < 2;
    box.checked = picked > 0 && picked === keys.length;
    box.indeterminate = picked > 0 && picked < keys.length;
  }

  #subjects(action) {
    const can = ({ buttons, menu }) => buttons.includes(action) || menu.includes(action);
    const rows = Array.from(this.#picked, (key) => this.#rows.get(key));
    return rows.filter(can).map(({ subject }) => subject);
  }

  get #buttons() {
    return TOGETHER.map((action) => this.#bar.querySelector(`[value="${action}"]`));
  }
}
