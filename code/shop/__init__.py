"""What the web process and the worker both know about the shop."""
