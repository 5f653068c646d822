"""Why something is being done: the purposes that a grant, a unit of work and a journal entry name.

Which grants exist for a purpose is for the policy files; what a purpose may never touch is said here.
"""

from enum import StrEnum


class Purpose(StrEnum):
    """One purpose, with the words that end a sentence beginning *may see this to ...*."""

    sentence: str

    def __new__(cls, word: str, sentence: str = "") -> "Purpose":
        member = str.__new__(cls, word)
        member._value_ = word
        member.sentence = sentence
        return member

    DELIVER = "deliver", "carry out a request"
    ENQUIRY = "enquiry", "handle an enquiry"
    INFORM = "inform", "send what the resident chose to be sent"
    MATCH = "match", "find duplicate records"
    PLAN = "plan", "plan services from figures"
    PROTECT = "protect", "act on a lawful disclosure"
    RIGHTS = "rights", "answer for the resident's rights"
    RUN = "run", "run the partnership"


# Running the partnership and planning from figures never need a resident's data.
WITHOUT_RESIDENTS = frozenset({Purpose.RUN, Purpose.PLAN})
