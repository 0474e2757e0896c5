"""The process that runs queued jobs."""
