"""The shop's rules as plain functions over plain values: no network, no clock, no storage."""
