/** Small things a browser remembers for whoever uses it, where it is allowed to. */

/**
 * @param {string} name
 * @returns {string|null}
 */
export function recall(name) {
  return attempt(() => localStorage.getItem(name));
}

/**
 * @param {string} name
 * @param {string} text
 */
export function remember(name, text) {
  attempt(() => localStorage.setItem(name, text));
}

/** A browser that keeps nothing refuses even to be asked. */
function attempt(use) {
  try {
    return use() ?? null;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
