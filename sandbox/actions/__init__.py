"""What changes the account: shared by the endpoints, the timers and the generated history."""
