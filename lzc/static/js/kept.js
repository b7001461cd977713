// What was typed before a session ended waits in this tab, sealed: only LZC opens it, for nobody but
// who typed it (over.js). The log-in takes it along; once its writer sees it, it waits there.
const SHELF = /^kept /;
const login = document.getElementById('login'), shown = document.querySelector('[data-kept-of]');
const kept = Object.keys(sessionStorage).filter((name) => SHELF.test(name)).map((name) => sessionStorage.getItem(name));

if (login && kept.length) {
  const field = login.elements.kept || Object.assign(document.createElement('input'), { type: 'hidden', name: 'kept' });
  field.value = [...new Set([field.value, ...kept].join(' ').split(' '))].join(' ').trim();
  login.append(field);
  document.getElementById('bewaard').hidden = false;
}
if (shown) sessionStorage.removeItem(`kept ${shown.dataset.keptOf}`);
