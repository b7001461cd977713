// The screen on the wall. It never lets old figures pass for new ones: a minute without an answer,
// and it says so in letters that can be read from the door.
const OFF = 60_000, EVERY = 1_000, RELOAD_HOUR = '04', PIXELS_PER_HOUR = 2, WIDEST = 12;
const here = document.getElementById('wand');
let heard = Date.now(), reloaded = true;

const clock = new Intl.DateTimeFormat('nl-NL', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Amsterdam' });

// What came from a newer server, that this page cannot write on, is loaded with its own scripts.
function show() {
  const off = document.getElementById('wand-uit'), since = document.getElementById('wand-sinds');
  if (!off || !since) return void (performance.now() > OFF && location.reload());
  off.hidden = Date.now() - heard <= OFF;
  if (since.textContent !== clock.format(heard)) since.textContent = clock.format(heard);
}

// Once a night, and only while the server answers: a page that cannot come back would be empty.
function refresh() {
  const night = clock.format(Date.now()).startsWith(`${RELOAD_HOUR}:`);
  if (night && !reloaded && Date.now() - heard < EVERY * 15) location.reload();
  if (!night) reloaded = false;
}

// Against burning in: to and fro, two pixels an hour.
const began = Date.now();
function shift() {
  const gone = ((Date.now() - began) / 3_600_000) * PIXELS_PER_HOUR;
  const there = WIDEST - Math.abs((gone % (2 * WIDEST)) - WIDEST);
  const wall = document.getElementById('wand');
  wall?.style.setProperty('translate', `${there.toFixed(1)}px ${(there / 2).toFixed(1)}px`);
}

if (here) {
  // Two answers are none: a screen that was taken back shows the door, an error shows nothing new.
  document.addEventListener('htmx:after:request', ({ detail }) => {
    const { status, raw } = detail.ctx.response || {};
    if (status === 403 || raw?.redirected) location.reload();
    else if (status === 200) heard = Date.now();
    show();
  });
  document.addEventListener('htmx:after:swap', shift);
  setInterval(() => { show(); refresh(); shift(); }, EVERY);
}

// /wand/#TOKEN: what stands behind the # never leaves the browser in an address.
const door = document.getElementById('wand-deur');
if (door && location.hash.startsWith('#lzcw_')) {
  door.elements.token.value = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  door.requestSubmit();
}
