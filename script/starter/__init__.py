"""What `script/server` runs once the virtual environment is there: Redis, then the Procfile."""
