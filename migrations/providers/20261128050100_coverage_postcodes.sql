-- A search for home visits asks which areas name a postcode, beside which contain a point.
create index coverage_area_postcodes_idx on providers.coverage_area using gin (postcodes);
