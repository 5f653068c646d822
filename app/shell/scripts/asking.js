// Sends what a form says and reads the page, or the piece of one, that answers; null where none does.
export async function ask (address, said) {
  try {
    const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(said), headers: { Accept: 'text/html' } })
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
  } catch {
    return null
  }
}
