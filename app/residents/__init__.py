"""The record of a resident: what is held, how it is found, how it changes. Who may see it is the policy's."""
