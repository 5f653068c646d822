// A form that is answered on the page it stands on: what it changed is put in place, what was done is said, and the focus goes on to
// where the next thing is typed. Without this, and where no such page answers, the form is sent as any other.
import { ask } from './asking.js'

export function answerInline (page) {
  page.addEventListener('submit', async (event) => {
    const form = event.target
    if (!form.matches('form[data-inline]') || event.defaultPrevented || form.dataset.sent) return
    event.preventDefault()
    form.dataset.sent = 'yes'
    const drawn = await ask(form.action, new FormData(form))
    if (drawn && following(form).every((id) => drawn.getElementById(id))) put(page, drawn, form)
    else form.submit()
  })
}

function following (form) {
  return form.dataset.inline.split(' ')
}

// ``data-inline`` names the parts that follow, by their ids; ``data-next`` where the focus goes.
function put (page, drawn, form) {
  const next = form.dataset.next
  const said = drawn.querySelector('.govuk-notification-banner__heading')?.textContent ?? ''
  for (const id of following(form)) page.getElementById(id)?.replaceWith(page.importNode(drawn.getElementById(id), true))
  const place = page.querySelector('[data-said]')
  if (place) place.textContent = said
  page.getElementById(next)?.focus()
}
