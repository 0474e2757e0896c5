/** Brings a list up to date without flicker: what is as it was stays, with its focus and menus. */

/**
 * @param {HTMLElement} list
 * @param {HTMLElement[]} fresh  how its items should be, each with a `data-key` of its own
 * @param {(old: HTMLElement|undefined, fresh: HTMLElement) => HTMLElement} [renew]  which of the
 *   two is to be in the list
 */
export function showItems(list, fresh, renew = renewed) {
  const known = new Map(Array.from(list.children, (item) => [item.dataset.key, item]));
  const items = fresh.map((item) => renew(known.get(item.dataset.key), item));
  const kept = new Set(items);
  for (const item of [...list.children]) if (!kept.has(item)) item.remove();
  items.forEach((item, place) => {
    const there = list.children[place] ?? null;
    if (there === item) return;
    if (item.parentNode === list) list.moveBefore(item, there);
    else list.insertBefore(item, there);
  });
}

/** The item in the page: the old one where nothing has changed, otherwise the new one in its place. */
function renewed(old, fresh) {
  if (!old) return fresh;
  if (old.isEqualNode(fresh)) {
    copyChecks(fresh, old);
    return old;
  }
  const focus = old.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  const opened = old.querySelector(':popover-open')?.id;
  old.replaceWith(fresh);
  if (opened) fresh.querySelector(`#${opened}`)?.showPopover();
  if (focus !== null) focusIn(fresh, focus);
  return fresh;
}

/**
 * @param {HTMLElement} item
 * @param {string} name  a `data-focus`; where it is gone or can't be used, the first that can
 */
export function focusIn(item, name) {
  const usable = Array.from(item.querySelectorAll('[data-focus]')).filter(
    (candidate) => !candidate.disabled && candidate.checkVisibility(),
  );
  (usable.find(({ dataset }) => dataset.focus === name) ?? usable[0])?.focus();
}

function copyChecks(from, to) {
  const checks = from.querySelectorAll('input[type="checkbox"]');
  to.querySelectorAll('input[type="checkbox"]').forEach((box, place) => {
    box.checked = checks[place].checked;
  });
}
