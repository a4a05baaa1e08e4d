// HTML in which every value put in is escaped, unless it is HTML made here already.

class Markup {
  constructor(text) {
    this.text = text
  }
  toString() {
    return this.text
  }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function render(value) {
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(render).join('')
  if (value === null || value === undefined || value === false) return ''
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character])
}

/** Template tag: html`<p>${text}</p>`. */
export function html(strings, ...values) {
  return new Markup(strings.map((string, i) => string + (i < values.length ? render(values[i]) : '')).join(''))
}
