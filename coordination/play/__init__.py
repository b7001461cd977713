"""The played night: an ordinary client of the public API acts out the case of mevrouw Pietersen."""
