"""The web process: pages and quick calls."""
