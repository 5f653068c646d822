DROP FUNCTION wall.said(), wall.secrecy();
