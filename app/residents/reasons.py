"""Why somebody looks with less than two clues, or looks up very many people: words of a list, written into the journal.

Pure. Never free text, which would put the person sought into the journal.
"""

REASONS = {
    "knows-no-more": "The caller knows no more than this",
    "hard-to-understand": "The line or the language makes more impossible",
    "at-risk": "Somebody may be at risk",
    "many-callers": "There are many callers today",
    "putting-right": "A record has to be put right",
}
