// What JavaScript adds to a page that works without it.
import { initAll } from './govuk-frontend.min.js'
import { listenForKeys } from './keys.js'
import { offerCopying } from './copying.js'
import { sendOnce } from './sending.js'
import { keepPanels } from './panels.js'
import { suggest } from './suggesting.js'
import { begin } from './beginning.js'
import { answerInline } from './inline.js'

initAll()
listenForKeys(document)
answerInline(document)
offerCopying(document)
sendOnce(document)
keepPanels(document)
suggest(document)
begin(document)
