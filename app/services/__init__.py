"""The catalogue: services by LGSL code, who provides them where, what they need to know and why."""
