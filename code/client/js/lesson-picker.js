/** The three lesson cards and which of them is chosen. */

import { fromTemplate } from './templates.js';

export class LessonPicker {
  #cards = new Map();

  /**
   * @param {HTMLElement} container
   * @param {import('./lesson-dates.js').Lesson[]} lessons
   * @param {(lesson: import('./lesson-dates.js').Lesson) => void} onChoose
   */
  constructor(container, lessons, onChoose) {
    for (const lesson of lessons) {
      const card = lessonCard(lesson);
      card.addEventListener('click', () => {
        this.#select(card);
        onChoose(lesson);
      });
      this.#cards.set(lesson.id, card);
    }
    container.append(...this.#cards.values(), zoneNote());
  }

  /** Nothing is chosen any more; the first lesson has the focus. */
  reset() {
    this.#select(null);
    const [first] = this.#cards.values();
    first.querySelector('button').focus();
  }

  #select(chosen) {
    for (const card of this.#cards.values()) {
      card.classList.toggle('selected', card === chosen);
      card.querySelector('button').setAttribute('aria-pressed', String(card === chosen));
    }
  }
}

function lessonCard({ id, date, time, weekday }) {
  const card = fromTemplate('lesson-card', {
    '.lesson-date': date,
    '.lesson-time': time,
    '.lesson-weekday': weekday,
  });
  card.querySelector('.lesson-book').id = id;
  return card;
}

function zoneNote() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return fromTemplate('lesson-zone', { '.zone-name': zone.replaceAll('_', ' ') });
}
