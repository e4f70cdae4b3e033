"""Velocity templates bound to PostgreSQL rows."""
