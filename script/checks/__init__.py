"""What script/check asks beside the tools that have a command of their own."""
