"""What may be queued, and the work itself."""
