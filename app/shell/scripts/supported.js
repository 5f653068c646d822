// Said before anything is drawn, so that nothing jumps when the modules arrive. Not a module: it must run at once.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
