// A form that is answered on the page it stands on: what it changed is put in place, what was done is said, and the focus goes on to
// where the next thing is typed. Without this, and where no such page answers, the form is sent as any other.

export function answerInline (page) {
  page.addEventListener('submit', async (event) => {
    const form = event.target
    if (!form.matches('form[data-inline]') || event.defaultPrevented || form.dataset.sent) return
    event.preventDefault()
    form.dataset.sent = 'yes'
    const drawn = await answered(form)
    if (drawn === null) form.submit()
    else put(page, drawn, form)
  })
}

// The page that answers, if it has what follows; or null.
async function answered (form) {
  try {
    const sent = { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'text/html' } }
    const answer = await fetch(form.action, sent)
    if (!answer.ok) return null
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html')
    return following(form).every((id) => drawn.getElementById(id)) ? drawn : null
  } catch {
    return null
  }
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
