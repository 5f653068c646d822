// Under the Box, the few things that fit what has been typed so far: what each of its addresses makes of the words, in their
// order. Enter and the button go on working without them.
import { ask } from './asking.js'

const PAUSE = 250
const LEAST = 3

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
  const look = async () => {
    const mine = ++asked
    const said = new FormData(box.form)
    const drawn = await Promise.all(box.dataset.suggestions.split(' ').map((address) => ask(address, said)))
    // A whole page is no piece: it asks who one is.
    const pieces = drawn.filter((each) => each && !each.querySelector('main'))
    for (const each of pieces) putBar(page, each)
    if (mine === asked) place.replaceChildren(...pieces.flatMap((each) => [...each.body.childNodes]))
  }
  // Whatever else the form says of the question goes with it: by which line it came.
  box.form.addEventListener('input', () => {
    clearTimeout(waiting)
    if (box.value.trim().length < LEAST) clear()
    else waiting = setTimeout(look, PAUSE)
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

// What was typed may have opened a contact: its bar goes where every page has it. It is not exchanged under somebody's hands.
function putBar (page, drawn) {
  const begun = drawn.querySelector('[data-begun]')
  if (!begun) return
  const held = page.getElementById('contact-bar')
  const [bar, said] = begun.children
  begun.remove()
  if (!held) {
    page.querySelector('header').after(bar)
    page.documentElement.classList.add('has-contact')
    drawn.body.prepend(said)
  } else if (!held.contains(page.activeElement)) held.replaceWith(bar)
}
