"""One module per group of routes. A handler reads the request, calls the shop, and answers."""
