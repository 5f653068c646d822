// A part of a page that follows what is filled in: the form is looked at by the server, and that part put in place again.
// Without this the button beside it does the same.

export function keepPanels (page) {
  for (const form of page.querySelectorAll('form[data-panel]')) {
    let asked = 0
    form.addEventListener('change', async () => {
      const mine = ++asked
      const said = new FormData(form)
      said.set('step', 'look')
      try {
        const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(said), headers: { Accept: 'text/html' } })
        if (!answer.ok || mine !== asked) return
        const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const fresh = drawn.getElementById(form.dataset.panel)
        const held = page.getElementById(form.dataset.panel)
        if (fresh && held && fresh.textContent !== held.textContent) held.replaceChildren(...fresh.childNodes)
      } catch {
        // No answer: what stands there is as old as the page, and the button still asks.
      }
    })
  }
}
