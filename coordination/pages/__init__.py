"""The pages of the work itself: one module per kind of page, each a door onto the same verbs."""
