// A form is sent once, however often its button is pressed. The server holds the same line; this spares the wait.

export function sendOnce (page) {
  page.addEventListener('submit', (event) => {
    const form = event.target
    if (form.method !== 'post' || event.defaultPrevented) return
    if (form.dataset.sent) {
      event.preventDefault()
      return
    }
    form.dataset.sent = 'yes'
    mark(form, true)
  })
  // Coming back to a page that the browser kept, the form may be sent again.
  window.addEventListener('pageshow', () => {
    for (const form of page.querySelectorAll('form[data-sent]')) {
      delete form.dataset.sent
      mark(form, false)
    }
  })
}

function mark (form, busy) {
  for (const button of form.querySelectorAll('button:not([type=button])')) {
    if (busy) button.setAttribute('aria-disabled', 'true')
    else button.removeAttribute('aria-disabled')
  }
}
