// The map: Leaflet over what this very installation knows. No patient data comes here, nothing is
// asked of others (but tiles, where an installation chose them), and no text becomes markup.
const box = document.getElementById('kaart');
const text = (key, n = '') => (box.dataset[`t${key}`] || '').replace('{n}', n);
const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = {
  ageing: ['rect', { x: -15, y: -15, width: 30, height: 30, rx: 4 }],
  old: ['path', { d: 'M0-19 19 0 0 19-19 0Z' }],
  unknown: ['path', { d: 'M0-19 19 0 0 19-19 0Z' }],
};

// All that Leaflet ever writes as markup for us: its own fixed signs.
const ITS_OWN = new Set(['', '<svg/>', '<v:shape adj="1"/>', '<span aria-hidden="true">+</span>',
  '<span aria-hidden="true">&#x2212;</span>', '<span aria-hidden="true">&#215;</span>']);
window.trustedTypes?.createPolicy('default', { createHTML: (said) => (ITS_OWN.has(said) ? said : null) });

function made(name, attributes = {}, ...inside) {
  const element = ['svg', 'g', 'rect', 'path', 'circle', 'text', 'title'].includes(name)
    ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

function mark({ town, free, level }) {
  const [shape, measures] = SHAPES[level] || ['circle', { r: 16 }];
  const group = made('g', { class: `k-plek is-${level}` }, made(shape, measures), made('text', { y: 6 }, String(free)));
  const picture = made('svg', { viewBox: '-20 -20 40 40', class: 'k-merk', 'aria-hidden': 'true' }, group);
  return made('span', { class: 'k-geheel' }, picture, made('span', { class: 'k-plaatsnaam', 'aria-hidden': 'true' }, town));
}

// A hospital stands beside the mark of its town, and is no button: the list says the same.
function hospital(L, map, { properties, geometry }, nth) {
  const [lon, lat] = geometry.coordinates;
  const sign = made('g', { class: `k-zkh is-${properties.load || 'stil'}` }, made('rect', { x: -11, y: -11, width: 22, height: 22, rx: 4 }), made('text', { y: 5 }, 'H'));
  const picture = made('svg', { viewBox: '-12 -12 24 24', class: 'k-zkh-merk', role: 'img', 'aria-label': properties.label }, made('title', {}, properties.label), sign);
  return L.marker([lat, lon], { interactive: false, keyboard: false, icon: L.divIcon({ className: '', html: picture, iconSize: [24, 24], iconAnchor: [-10 - 24 * nth, 30] }) }).addTo(map);
}

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Amsterdam' });
function told({ town, units }) {
  const lines = units.map((unit) => made('li', {}, made('b', {}, text('Free', unit.free)), ` ${unit.name} `,
    made('span', { class: unit.fresh === 'fresh' ? 'zacht' : 'merkje merkje-oud' },
      `${unit.at ? clock.format(new Date(unit.at)) : text('Never')}${unit.fresh === 'fresh' || !unit.at ? '' : `, ${unit.word}`}`)));
  return made('div', { class: 'kaart-wolk' }, made('h3', {}, town), made('ul', {}, ...lines));
}

async function asked(address) {
  const answer = await fetch(address, { headers: { Accept: 'application/geo+json' } });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function land(L, map, areas) {
  const layer = L.geoJSON(areas, { interactive: false, style: { className: 'k-gebied', weight: 1 } }).addTo(map);
  const whole = () => map.fitBounds(layer.getBounds(), { padding: [8, 8] });
  const button = document.getElementById('kaart-heel');
  button.hidden = false;
  button.addEventListener('click', whole);
  whole();
}

// Each town keeps its marker: an opened cloud stays open, a focused mark keeps its focus.
const marks = new Map();
function place(L, map, { properties, geometry }) {
  const [lon, lat] = geometry.coordinates;
  const icon = L.divIcon({ className: 'k-plaats', html: mark(properties), iconSize: [40, 40] });
  let marker = marks.get(properties.town);
  if (marker) {
    marker.getElement().replaceChildren(mark(properties));
    marker.setPopupContent(told(properties));
  } else {
    marker = L.marker([lat, lon], { icon, riseOnHover: true }).bindPopup(told(properties), { closeButton: true }).addTo(map);
    marker.home = L.latLng(lat, lon);
    marks.set(properties.town, marker);
  }
  marker.getElement().setAttribute('aria-label', properties.label);
}

// Two marks that would lie on each other make room, each as far as the other.
const APART = 36;
function spread(map) {
  const all = [...marks.values()].map((marker) => ({ marker, at: map.latLngToLayerPoint(marker.home) }));
  for (const [i, one] of all.entries())
    for (const other of all.slice(i + 1)) {
      const gap = other.at.subtract(one.at), far = gap.x || gap.y ? Math.hypot(gap.x, gap.y) : 0;
      if (far >= APART) continue;
      const step = (far ? gap.divideBy(far) : gap.add([1, 0])).multiplyBy((APART - far) / 2);
      one.at = one.at.subtract(step);
      other.at = other.at.add(step);
    }
  for (const { marker, at } of all) marker.setLatLng(map.layerPointToLatLng(at));
}

let hospitals = [];
function fill(L, map, places) {
  const [houses, towns] = [places.features.filter((one) => one.properties.hospital), places.features.filter((one) => one.properties.town)];
  towns.forEach((feature) => place(L, map, feature));
  hospitals.forEach((marker) => marker.remove());
  const beside = new Map();
  hospitals = houses.map((feature) => {
    const spot = String(feature.geometry.coordinates), nth = beside.get(spot) || 0;
    beside.set(spot, nth + 1);
    return hospital(L, map, feature, nth);
  });
  spread(map);
}

function pointOut(town, on) {
  marks.get(town)?.getElement()?.classList.toggle('is-aangewezen', on);
}

async function start() {
  const [areas, places] = await Promise.all([asked(box.dataset.areas), asked(box.dataset.places)]);
  await import(box.dataset.leaflet);
  const { L } = window;
  L.Util.emptyImageUrl = box.dataset.empty;
  box.replaceChildren();
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: 15,
    zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
  L.control.zoom({ zoomInTitle: text('In'), zoomOutTitle: text('Out') }).addTo(map);
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { maxZoom: 15 }).addTo(map);
    box.classList.add('met-tegels');
  }
  map.on('popupopen', ({ popup }) => popup.getElement().querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', text('Close')));
  land(L, map, areas);
  fill(L, map, places);
  map.on('zoomend', () => spread(map));
  const again = async () => fill(L, map, await asked(box.dataset.places));
  for (const topic of ['zc:place', 'zc:unit', 'zc:offer', 'zc:emergency']) document.body.addEventListener(topic, () => again().catch(() => {}));
  box.dataset.ready = marks.size;
}

// The list points at the map: with the mouse, and with what has the focus.
for (const [over, out] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
  document.addEventListener(over, ({ target }) => pointOut(target.closest?.('[data-town]')?.dataset.town, true));
  document.addEventListener(out, ({ target }) => pointOut(target.closest?.('[data-town]')?.dataset.town, false));
}

// What the server drew stays when this fails: nothing is taken away before there is something better.
if (box) start().catch((error) => console.warn('map', error));
