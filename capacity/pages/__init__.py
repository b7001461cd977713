"""The pages of capacity: for planners, for desks, and behind the link of a reminder."""
