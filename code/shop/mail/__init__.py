"""Letters to students: what they say, and the postbox that sends each of them once."""
