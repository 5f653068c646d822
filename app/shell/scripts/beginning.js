// A form that is marked so is begun in its first empty field: what came with the page need not be gone through again. Where the
// page has put the focus somewhere already, or there is a problem to read first, it stays there.

export function begin (page) {
  const form = page.querySelector('form[data-begin]')
  if (!form || page.activeElement !== page.body || page.querySelector('.govuk-error-summary')) return
  const first = [...form.elements].find((field) => empty(form, field))
  first?.focus()
}

function empty (form, field) {
  if (!field.matches('input:not([type=hidden]), select, textarea') || field.disabled) return false
  if (field.type === 'radio') return !form.querySelector(`input[name="${CSS.escape(field.name)}"]:checked`)
  return field.type !== 'checkbox' && field.value === ''
}
