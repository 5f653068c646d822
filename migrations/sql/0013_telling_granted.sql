-- Who owns and who may call the two functions, which lost both when they were dropped to return something else.
GRANT CREATE ON SCHEMA wall TO @definer@;
ALTER FUNCTION wall.join_records(uuid) OWNER TO @definer@;
ALTER FUNCTION wall.part_records(uuid) OWNER TO @definer@;
REVOKE CREATE ON SCHEMA wall FROM @definer@;
REVOKE ALL ON FUNCTION wall.join_records(uuid), wall.part_records(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.join_records(uuid), wall.part_records(uuid) TO @council@;
