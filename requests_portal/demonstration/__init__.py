"""The demonstration's invented world: people, devices, voices, requests. Data and pure functions only."""
