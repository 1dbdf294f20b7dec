"""Damage done to deliveries on purpose, by the thousand: what of it gets past the gate."""
