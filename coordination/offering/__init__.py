"""Offers that end well: to one or several at once, in an order, booked, refused, unanswered."""
