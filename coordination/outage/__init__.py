"""De noodlijst: what a desk needs to go on by telephone when LZC is down, on paper or in a file."""
