// Two keys for the whole page, both of which a person may change or turn off (data-box-key, data-end-key on <body>),
// and Ctrl+Enter inside a field. Everything they do is also an ordinary link or button.

export function listenForKeys (page) {
  page.addEventListener('keydown', (event) => {
    if (event.isComposing || event.repeat) return
    const { boxKey, endKey } = page.body.dataset
    const done = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
      ? pressPrimary(page, event.target)
      : !plain(event) ? false : event.key === boxKey ? focusBox(page) : event.key === endKey && openEnding(page)
    if (done) event.preventDefault()
  })
}

function plain (event) {
  return !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey
}

function focusBox (page) {
  const box = page.querySelector('[data-box]')
  if (!box) return false
  box.focus()
  box.select?.()
  return true
}

function openEnding (page) {
  const panel = page.querySelector('[data-end-contact]')
  if (!panel) return false
  panel.open = true
  const first = panel.querySelector('input:checked') || panel.querySelector('input:not([type=hidden]), button')
  first?.focus()
  return true
}

// The button of the form one is typing in; else the page's one primary button.
function pressPrimary (page, field) {
  if (!field.closest?.('input, textarea, select')) return false
  const button = (field.form?.querySelector('[data-primary]')) || page.querySelector('main [data-primary]')
  if (!button) return false
  button.click()
  return true
}
