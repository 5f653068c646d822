DROP FUNCTION wall.forget_imports(interval);
DROP FUNCTION wall.revive_imports(interval);
DROP FUNCTION wall.take_back_import(uuid, integer);
DROP FUNCTION wall.end_import_job(uuid);
DROP FUNCTION wall.begin_import_job(uuid, text, text, boolean);
REVOKE DELETE ON resident, resident_name, resident_address, resident_channel, resident_preference, resident_birth, resident_need,
    resident_change, choice FROM @definer@;
REVOKE INSERT, UPDATE (revoked_at) ON sign_in FROM @definer@;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM @definer@;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA jobs FROM @definer@;
REVOKE ALL ON ALL TABLES IN SCHEMA jobs FROM @definer@;
REVOKE USAGE ON SCHEMA jobs FROM @definer@;
