// A button beside a reference that copies it, and says so to everybody. Only references carry one, never a person's data.

export function offerCopying (page) {
  if (!navigator.clipboard) return
  for (const button of page.querySelectorAll('[data-copy]')) {
    const words = button.querySelector('[data-copy-words]')
    button.hidden = false
    button.addEventListener('click', async () => {
      const before = words.textContent
      try {
        await navigator.clipboard.writeText(button.dataset.copy)
        words.textContent = button.dataset.copied
      } catch {
        words.textContent = button.dataset.notCopied
      }
      setTimeout(() => { words.textContent = before }, 3000)
    })
  }
}
