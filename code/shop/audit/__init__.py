"""The audit trail: who moved money or took data, when, from where, and what came of it."""
