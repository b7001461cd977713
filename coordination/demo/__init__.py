"""The demo: two regions with real towns; every organisation and every person in them is made up."""
