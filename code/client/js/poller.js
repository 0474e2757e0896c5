/** Asks again and again, but only while there is a reason to and somebody is looking. */

export class Poller {
  #task;
  #timer = null;
  #running = false;
  #wanted = false;

  /**
   * @param {() => Promise<number|null>} task  returns how many milliseconds later to ask again,
   *   or null to stop
   */
  constructor(task) {
    this.#task = task;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) clearTimeout(this.#timer);
      else this.wake();
    });
  }

  /** Asks now; if a question is on its way already, once more right after it. */
  async wake() {
    clearTimeout(this.#timer);
    this.#wanted = true;
    if (this.#running) return;
    const pause = await this.#askWhileWanted();
    if (pause !== null && !document.hidden) this.#timer = setTimeout(() => this.wake(), pause);
  }

  async #askWhileWanted() {
    this.#running = true;
    let pause = null;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        pause = await this.#task();
      }
    } finally {
      this.#running = false;
    }
    return pause;
  }
}
