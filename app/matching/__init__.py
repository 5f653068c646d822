"""Whether two records are one person's: how details agree, what that weighs, and what a person decides."""
