"""What programs ask of cases, requests, offers and handovers. Pages are beside it, in `pages`."""
