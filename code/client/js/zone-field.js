/** The field for a time zone: type a part of its name, or take one from the list. */

import { element } from './templates.js';
import { allZones, findZone, ownZone, zoneCity, zoneOffset } from './zones.js';

export class ZoneField {
  #input;

  /**
   * @param {HTMLInputElement} input  its `list` is filled here
   * @param {() => void} onChange  called with every change
   */
  constructor(input, onChange) {
    this.#input = input;
    input.value = ownZone();
    input.list.replaceChildren(...allZones().map(option));
    input.addEventListener('click', () => input.select()); // typing then searches the whole list
    input.addEventListener('input', onChange);
    input.addEventListener('change', () => {
      input.value = this.zone ?? input.value;
      input.setAttribute('aria-invalid', this.zone === null);
    });
  }

  /** @returns {string|null} the zone that is meant; null while none is */
  get zone() {
    return findZone(this.#input.value);
  }
}

function option(zone) {
  const made = element('option', '');
  made.value = zone;
  made.label = `${zoneCity(zone)}, ${zoneOffset(zone)}`;
  return made;
}
