"""What the pages share: the front door, words, looks, and acts behind buttons."""
