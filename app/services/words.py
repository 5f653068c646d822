"""The fixed words of the catalogue. Pure; the tables check against them."""

# The list's own words for who provides a service.
TIERS = ("county/unitary", "district/unitary", "all")
FIELD_KINDS = ("text", "choice", "number", "date", "yesno")
TARGET_UNITS = ("working-hours", "working-days", "days")
LAWFUL_BASES = ("public-task", "legal-obligation", "contract", "consent", "vital-interests")

# What an answer settles: a tier, one council, that it is nobody's here, that a person must look, or nothing.
DECISIONS = ("tier", "council", "signpost", "queue", "open")
