DROP FUNCTION wall.measure_frequencies();
DROP FUNCTION wall.folded(text);
