"""The live socket, and the one tail that feeds all of them."""
