"""The demonstration: invented customers, synthesised voices, one-click sign-in; only `desk demo` has any of it."""
