DROP FUNCTION wall.match_queues(), wall.join_records(uuid), wall.part_records(uuid);
