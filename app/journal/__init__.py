"""Who saw or changed what, when, why and under which policy: written with the deed, sealed, never changed."""
