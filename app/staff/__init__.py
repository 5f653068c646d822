"""People who sign in, the hats they wear and the sign-ins that are alive. What a hat may do is the policy's."""
