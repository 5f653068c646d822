"""Drafts of the policy: changed by one person, approved by others, published, and every version there has been."""
