"""What somebody may know before they ask: what is free now, and whether it was asked already."""
