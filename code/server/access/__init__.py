"""Who may do what: who a request is from, and whether the route is for them."""
