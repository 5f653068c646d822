// A part of a page that follows what is filled in: the form is looked at by the server, and that part put in place again.
// Without this the button beside it does the same; where nothing answers, what stands there is as old as the page.
import { ask } from './asking.js'

export function keepPanels (page) {
  for (const form of page.querySelectorAll('form[data-panel]')) {
    let asked = 0
    form.addEventListener('change', async () => {
      const mine = ++asked
      const said = new FormData(form)
      said.set('step', 'look')
      const drawn = await ask(form.action, said)
      const fresh = drawn?.getElementById(form.dataset.panel)
      const held = page.getElementById(form.dataset.panel)
      if (mine === asked && fresh && held && fresh.textContent !== held.textContent) held.replaceChildren(...fresh.childNodes)
    })
  }
}
