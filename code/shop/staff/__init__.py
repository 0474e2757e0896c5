"""Who works here: the staff file with its accounts, passwords and tokens."""
