// Under the Box, the few people who fit what has been typed so far. Enter and the button go on working without them.

const PAUSE = 250
const LEAST = 5

export function suggest (page) {
  for (const box of page.querySelectorAll('[data-suggestions]')) offer(page, box)
}

function offer (page, box) {
  const place = page.createElement('div')
  place.className = 'suggestions'
  place.setAttribute('aria-live', 'polite')
  box.closest('.govuk-form-group').append(place)
  let waiting
  let asked = 0

  const clear = () => {
    clearTimeout(waiting)
    asked++
    place.replaceChildren()
  }
  const ask = async () => {
    const mine = ++asked
    const said = new FormData()
    said.set(box.name, box.value)
    said.set('csrf_token', box.form.elements.csrf_token.value)
    try {
      const answer = await fetch(box.dataset.suggestions, { method: 'POST', body: new URLSearchParams(said), headers: { Accept: 'text/html' } })
      if (mine !== asked) return
      const drawn = new DOMParser().parseFromString(answer.ok && !answer.redirected ? await answer.text() : '', 'text/html')
      if (mine === asked) place.replaceChildren(...drawn.body.childNodes)
    } catch {
      // No answer: the Box still finds, by Enter.
      if (mine === asked) place.replaceChildren()
    }
  }
  box.addEventListener('input', () => {
    clearTimeout(waiting)
    if (box.value.trim().length < LEAST) clear()
    else waiting = setTimeout(ask, PAUSE)
  })
  box.form.addEventListener('submit', clear)
  box.form.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    const links = [...place.querySelectorAll('a')]
    const at = links.indexOf(page.activeElement)
    if (event.key === 'Escape' && place.hasChildNodes()) {
      clear()
      box.focus()
    } else if (event.key === 'ArrowDown' && (at >= 0 || event.target === box) && links.length) {
      links[Math.min(at + 1, links.length - 1)].focus()
    } else if (event.key === 'ArrowUp' && at >= 0) {
      (links[at - 1] || box).focus()
    } else return
    event.preventDefault()
  })
}
