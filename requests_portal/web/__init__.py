"""The portal's pages: parse, call one verb or one view, render."""
