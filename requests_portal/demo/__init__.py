"""The demonstration: invented customers, synthesised voices, one-click sign-in; nothing of it exists outside `desk demo`."""
