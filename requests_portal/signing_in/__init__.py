"""Signing in with other people's standards: passkeys, and the house's identity provider."""
