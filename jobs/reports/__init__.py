"""The kinds of report: one module each, and what several of them share."""
