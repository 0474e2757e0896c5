/** The one kind of error whose words are for people. */

/** Something went wrong that the reader can be told: `message` is a sentence for them. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {HTMLInputElement} [field]  where it can be put right
   */
  constructor(message, field = null) {
    super(message);
    this.field = field;
  }
}

/**
 * What to tell the reader. Anything but a `Problem` is a mistake in these scripts: its details
 * go to the console.
 *
 * @param {Error} error
 * @returns {string}
 */
export function explain(error) {
  if (error instanceof Problem) return error.message;
  console.error(error);
  return 'Something went wrong on this page. Please reload it and try again.';
}
