/** Says, beside a box that scrolls sideways, that there is more to the right or left. */

import { element } from './templates.js';

const MORE = 'There are more columns to the right: scroll the table, or use the arrow keys in it.';

/**
 * @param {HTMLElement} box  scrolls by itself
 * @returns {HTMLElement} the box in a frame; its words and shadows come and go with its width
 */
export function framed(box) {
  const frame = element('div', '', 'table-frame');
  const hint = element('p', MORE, 'table-hint');
  frame.append(hint, box);
  const look = () => {
    const hidden = box.scrollWidth - box.clientWidth;
    hint.hidden = hidden < 1;
    frame.classList.toggle('has-more-left', box.scrollLeft >= 1);
    frame.classList.toggle('has-more-right', hidden - box.scrollLeft >= 1);
  };
  new ResizeObserver(look).observe(box);
  box.addEventListener('scroll', look, { passive: true });
  return frame;
}
