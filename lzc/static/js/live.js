// The page's ear: one websocket that says what changed, never what it became. Each change becomes
// a DOM event on <body>; sections fetch their own fragment, with the rights of who is looking.
//   zc:<topic>    topic = first word of the event's type: zc:offer, zc:case, zc:care_request
//   zc:id:<uuid>  the subject, and every id that the event names
//   zc:clock      a deadline on this page has passed
//   zc:present    who else is at a case now; `open`: the line is new, all of it is told again
// From the page: zc:say goes out over the line, zc:refresh fetches everything in sight.
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const text = (key, t = '') => (document.documentElement.dataset[`t${key}`] || '').replace(/\{[tn]\}/, t);
const GRACE = 3000, AGAIN = 3000, SLOW = 30_000, OFF = 60_000, POLL = 20_000, COALESCE = 150, JITTER = 300, LONGEST_WAIT = 30_000;

let cursor = Number(meta('live-cursor')) || 0;
let offset = Date.parse(meta('live-now') || '') - Date.now() || 0;   // server clock minus this PC's
let socket = null, attempts = 0, lost = false, retry = 0, gone = 0;   // gone: since when there is no line
let heard = Date.now(), polled = 0, state = 'none', ever = false;
const pending = new Map();
let flushing = 0;

const serverNow = () => Date.now() + offset;
const wallClock = new Intl.DateTimeFormat('nl-NL', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Amsterdam' });
const clock = (ms) => wallClock.format(ms);

// --- events: joined for a moment, so that one act is one re-fetch, then spread over the clients
function tell(name, detail = {}) {
  pending.set(name, detail);
  flushing ||= setTimeout(flush, COALESCE + Math.random() * JITTER);
}

function flush() {
  flushing = 0;
  const told = [...pending];
  pending.clear();
  for (const [name, detail] of told) document.body.dispatchEvent(new CustomEvent(name, { detail }));
}

function tellAll() {
  for (const element of document.querySelectorAll('[hx-trigger*="zc:"]'))
    for (const [name] of element.getAttribute('hx-trigger').matchAll(/zc:[^\s,]+/g)) tell(name);
}

function changed(event) {
  cursor = Math.max(cursor, event.number);
  tell(`zc:${String(event.type).split('.')[0]}`, event);
  for (const id of [event.subject, ...Object.values(event.ids || {})])
    if (typeof id === 'string') tell(`zc:id:${id}`, event);
}

// --- the socket: always resumes from its cursor; waits longer each time, never in step with others
function connect() {
  clearTimeout(retry);
  const url = new URL(meta('live-url'), location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  url.searchParams.set('after', cursor);
  const mine = socket = new WebSocket(url);
  mine.onopen = () => { if (mine === socket) { listening(); present({ open: true }); } };
  mine.onmessage = ({ data }) => { if (mine === socket) receive(JSON.parse(data)); };
  mine.onclose = ({ code }) => {
    if (mine !== socket) return;
    hungUp();
    if (code === 4401 || code === 4403) return sessionOver();
    retry = setTimeout(connect, pause());
  };
}

function pause() {
  const wait = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(attempts++, 8));
  return wait / 2 + Math.random() * wait / 2;
}

function hungUp() {
  socket = null;
  lost = true;
  gone ||= Date.now();
}

function redial() {
  const dead = socket;
  hungUp();
  dead?.close();
  connect();
}

function present(detail) {
  document.body.dispatchEvent(new CustomEvent('zc:present', { detail }));
}

function listening() {
  heard = Date.now();
  gone = 0;
  ever = true;
  if (lost) { lost = false; tellAll(); }
  show();
}

function receive(message) {
  attempts = 0;           // only now: a server that takes the call and hangs up is not well
  if (message.reload) return restart(message);
  if (message.heartbeat) offset = Date.parse(message.heartbeat) - Date.now() || offset;
  if (message.head) cursor = Math.max(cursor, message.head);   // all that is ours up to there was told
  if (message.number) changed(message);
  if (message.present) present(message);
  listening();
}

function restart({ head }) {
  if (!head) return location.reload();
  cursor = head;          // what lies between is lost to us as news, so fetch all of it as it is now
  lost = true;
  socket?.close();
}

// Patient data does not stay on the screen of somebody who is logged out. A page that is told so as
// soon as it opens does not reload for ever: it is not live, and asks a moment later by fetching.
function sessionOver() {
  const wait = 5000 - performance.now();
  if (wait <= 0) return tell('zc:over');
  heard = Math.min(heard, Date.now() - OFF - 1);
  show();
  setTimeout(tellAll, wait);
}

// --- what the top bar says
function say(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

function show() {
  const age = Date.now() - heard;
  const unsteady = age > SLOW || (gone && Date.now() - gone >= GRACE);
  const next = age > OFF ? 'off' : unsteady ? 'slow' : ever ? 'live' : 'none';
  const box = document.getElementById('live');
  if (!box) return;
  const live = next === 'live';
  say(document.getElementById('live-tijd'), clock(live ? serverNow() : heard + offset));
  if (next === state) return;
  const back = live && state === 'off';
  state = box.dataset.state = next;
  say(document.getElementById('live-woord'), text({ live: 'Live', slow: 'Slow', off: 'OffShort' }[next]));
  const bar = document.getElementById('live-uit');
  if (!bar) return;
  bar.hidden = !(back || next === 'off');
  say(bar, back ? text('Back') : next === 'off' ? text('Off', clock(heard + offset)) : '');
  if (back) setTimeout(() => { if (state === 'live') bar.hidden = true; }, 6000);
}

function watch() {
  const age = Date.now() - heard;
  if (age > SLOW && socket?.readyState === WebSocket.OPEN) redial();   // open, yet silent: a dead line
  if (age > OFF && Date.now() - polled > POLL) { polled = Date.now(); tellAll(); }
  show();
}

// --- clocks, by server time
function countdown(element) {
  const { soon, unit, kind } = element.dataset, deadline = element.dateTime;
  const left = Date.parse(deadline) - serverNow();
  const minutes = Math.floor(Math.abs(left) / 60_000);
  const span = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  const level = left <= 0 ? 'late' : Date.parse(soon) <= serverNow() ? 'soon' : '';
  const words = left <= 0 ? 'Late' : kind === 'reply' ? 'Reply' : 'Left';
  if (unit === 's') say(element, `${Math.max(0, Math.ceil(left / 1000))} s`);
  else if (element.children.length === 2) {                    // the word small, the figure large
    say(element.children[0], text(level === 'soon' ? 'Soon' : words).trim());
    say(element.children[1], span);
  } else say(element, text(words, span));
  if (unit !== 's') element.dataset.level = level;
  if (left <= 0 && left > -20_000 && element.told !== deadline) { element.told = deadline; tell('zc:clock'); }
}

// How old a figure is, in the largest unit that is full.
function age(element) {
  const minutes = Math.max(0, Math.floor((serverNow() - Date.parse(element.dateTime)) / 60_000));
  const [words, of] = minutes < 60 ? ['Min', 1] : minutes < 1440 ? ['Hours', 60] : ['Days', 1440];
  say(element, text(words, Math.floor(minutes / of)));
}

const countdowns = (which) => document.querySelectorAll(which).forEach(countdown);
let ticks = 0;
setInterval(watch, 1000);           // by itself: whatever becomes of the rest, it says whether this is live
const clocks = () => { countdowns('[data-deadline]'); document.querySelectorAll('time[data-since]').forEach(age); };
setInterval(() => ticks++ % 15 ? countdowns('[data-deadline][data-unit="s"]') : clocks(), 1000);
document.addEventListener('htmx:after:swap', clocks);
document.addEventListener('visibilitychange', watch);

// A fragment that was sent on to another page means: logged out, or another role by now.
document.addEventListener('htmx:before:response', (event) => {
  if (!event.detail.ctx.response.raw.redirected) return;
  event.preventDefault();
  sessionOver();
});
// What could not be fetched is older than it looks: it is asked for again.
for (const failed of ['htmx:error', 'htmx:response:error'])
  document.addEventListener(failed, ({ target, detail }) => {
    const name = target.getAttribute?.('hx-trigger')?.match(/zc:[^\s,]+/)?.[0], status = detail.ctx?.response?.status;
    if (name && (status === 429 || !(status < 500))) setTimeout(tell, AGAIN + Math.random() * AGAIN, name);
  });
document.body.addEventListener('zc:say', ({ detail }) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(detail));
});
document.body.addEventListener('zc:refresh', tellAll);
// The page stays after all (over.js). No sooner than after any other line that was cut.
document.body.addEventListener('zc:back', () => {
  clearTimeout(retry);
  retry = setTimeout(redial, pause());
});
// A device without reception says so at once. Where it is wrong, the line is back within a moment.
addEventListener('offline', () => { redial(); gone = Date.now() - GRACE; show(); });
addEventListener('online', () => { attempts = 0; redial(); });
addEventListener('pagehide', () => { const going = socket; socket = null; going?.close(); clearTimeout(retry); });
addEventListener('pageshow', (event) => { if (event.persisted) { lost = true; connect(); } });
connect();
