"""Councils, partners, their agreements and their wording; reads a partnership's folder strictly."""
