/** The form that starts a report: which one, over which time, in which time zone. */

import { clearErrors, showCardError } from './form-errors.js';
import { explain, Problem } from './problem.js';
import { formatWindow } from './wording.js';
import { between, lastMonth, today } from './zone-windows.js';
import { ZoneField } from './zone-field.js';

const WINDOWS = {
  default: () => ({}), // the last 36 hours are for the server to count
  today: (zone) => today(zone),
  'last-month': (zone) => lastMonth(zone),
  custom: customWindow,
};

/**
 * @param {HTMLFormElement} form
 * @param {(request: object) => Promise<void>} send
 */
export function runReportForm(form, send) {
  const errors = form.querySelector('.form-errors');
  const fromErrors = form.querySelector('#from-problem');
  const button = form.querySelector('button[type="submit"]');
  const custom = form.querySelector('#custom-window');
  const zoneField = new ZoneField(form.elements.timezone, showWindow);
  form.addEventListener('change', () => {
    clearProblems();
    showWindow();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.disabled || button.hasAttribute('aria-busy')) return;
    clearProblems();
    button.setAttribute('aria-busy', 'true'); // and not disabled, which would lose the focus
    try {
      await send(requestFrom(form, zoneField.zone));
    } catch (error) {
      showProblem(error);
    } finally {
      button.removeAttribute('aria-busy');
    }
  });
  showWindow();

  /** Beside the field that can put it right, where there is one; else below the button. */
  function showProblem(error) {
    const { field } = error;
    const isAboutFrom = field === form.elements['from-day'];
    if (isAboutFrom) form.querySelector('#window-words').textContent = ''; // said once is enough
    showCardError(isAboutFrom ? fromErrors : errors, explain(error));
    field?.setAttribute('aria-invalid', 'true');
    field?.focus();
  }

  function clearProblems() {
    [errors, fromErrors].forEach(clearErrors);
    form.elements['from-day'].removeAttribute('aria-invalid');
  }

  function showWindow() {
    custom.hidden = form.elements.window.value !== 'custom';
    form.querySelector('#window-words').textContent = windowInWords(form, zoneField.zone);
  }
}

/** @throws {Problem} */
function requestFrom(form, zone) {
  const { kind, timezone } = form.elements;
  if (zone === null) throw new Problem('Please choose a time zone from the list.', timezone);
  return { kind: kind.value, timezone: zone, ...windowFrom(form, zone) };
}

/** What the choice comes to, while it can be said. */
function windowInWords(form, zone) {
  if (zone === null) return '';
  try {
    return formatWindow({ ...windowFrom(form, zone), timezone: zone });
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

function windowFrom(form, zone) {
  return WINDOWS[form.elements.window.value](zone, form);
}

/** @throws {Problem} */
function customWindow(zone, { elements }) {
  const { 'from-day': fromDay, 'from-time': fromTime, 'to-day': toDay, 'to-time': toTime } = elements;
  if (fromDay.value === '') throw new Problem('Please choose the day to count from.', fromDay);
  const from = `${fromDay.value}T${fromTime.value || '00:00'}`;
  const to = toDay.value === '' ? undefined : `${toDay.value}T${toTime.value || '23:59'}`;
  return upToNow(between(zone, from, to), fromDay);
}

/**
 * What has not happened yet cannot be counted: a window that ends later ends when it is.
 *
 * @throws {Problem}
 */
function upToNow({ from, to }, field) {
  if (to !== undefined && from > to) throw new Problem('"From" must be before "To".', field);
  if (Date.parse(from) > Date.now()) throw new Problem('"From" must be in the past.', field);
  return to === undefined || Date.parse(to) > Date.now() ? { from } : { from, to };
}
