// Reads FHIR resources from its input, one JSON document on each line, and writes what is wrong with them, one finding on each
// line. The validator and the structure definitions of FHIR R4 that it goes by are the npm package `fhir`; none of it is ours.

const { readFileSync } = require("node:fs");
const { Fhir } = require("fhir");

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

const fhir = new Fhir();

// What the package leaves unlooked at: an instant's form, one value where there is room for one, and lists without entries.
function closer(_resource, property, tree, value) {
  const wrong = [];
  const found = (message) => wrong.push({ location: tree, severity: "error", message });
  if (property._type === "instant" && !INSTANT.test(value)) found(`${value} is no instant`);
  if (Array.isArray(value) && !property._multiple) found("several values where there is room for one");
  if (Array.isArray(value) && value.length === 0) found("a list without entries");
  return wrong;
}

for (const line of readFileSync(0, "utf8").split("\n").filter((line) => line !== "")) {
  const resource = JSON.parse(line);
  const { messages } = fhir.validate(resource, { errorOnUnexpected: true, onBeforeValidateProperty: closer });
  for (const { severity, location, message } of messages) {
    if (severity === "error" || severity === "fatal") {
      console.log(`${resource.resourceType} ${resource.id ?? ""} ${location}: ${message}`);
    }
  }
}
