-- Takes the wall down: every policy, every privilege of the audiences, and the functions.
DO $$ DECLARE p record; BEGIN
    FOR p IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', p.policyname, p.tablename);
    END LOOP;
    FOR p IN SELECT c.relname AS tablename FROM pg_class c
              WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity LOOP
        EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', p.tablename);
    END LOOP;
END $$;
DROP SCHEMA wall CASCADE;
REVOKE ALL ON ALL TABLES IN SCHEMA public
    FROM @definer@, @council@, @partner@, @rights@, @office@, @job@, @signin@;
REVOKE ALL ON SCHEMA public FROM @definer@, @council@, @partner@, @rights@, @office@, @job@, @signin@;
