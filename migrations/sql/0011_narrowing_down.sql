DROP FUNCTION wall.request_is_of(uuid, text);
